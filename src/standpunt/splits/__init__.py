"""Protocols that divide rows into training and test folds, and assert that nothing leaks; see docs/protocols.md."""

from standpunt.splits.folds import Division, Fold, assert_no_leak, check_balance, split_hash
from standpunt.splits.protocol import PROTOCOLS, UNITS, Protocol, SplitConfig, get_protocol

__all__ = [
    "PROTOCOLS",
    "UNITS",
    "Division",
    "Fold",
    "Protocol",
    "SplitConfig",
    "assert_no_leak",
    "check_balance",
    "get_protocol",
    "split_hash",
]
