"""Layers in the formats of other tools, there and back: Label Studio, UIMA CAS, spreadsheets, `datasets`."""
