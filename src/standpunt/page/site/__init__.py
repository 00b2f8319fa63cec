"""The pages of many debates: a folder of static files."""
