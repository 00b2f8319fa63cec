"""Tables of the user's: CSV, TSV, JSON Lines, Parquet and Excel, read row by row, with what was found out of them."""
