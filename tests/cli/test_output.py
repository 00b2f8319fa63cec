"""Printing tables."""

from standpunt.cli.output import print_table


def test_lines_in_a_pipe_are_as_long_as_they_need(capsys):
    columns = [f"model {number} with a long name" for number in range(40)]
    print_table(columns, [["0.50 [0.40, 0.60]"] * 40], "a title")
    printed = capsys.readouterr().out
    assert all(column in printed for column in columns)
    assert "…" not in printed
