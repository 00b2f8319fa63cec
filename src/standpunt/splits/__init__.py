"""Protocols that divide rows into training and test folds, and assert that nothing leaks; see docs/protocols.md."""

from standpunt.splits.apart import Shared
from standpunt.splits.folds import Fold, assert_no_leak, check_balance, split_hash
from standpunt.splits.protocols import describe, make_folds
from standpunt.splits.settings import PROTOCOLS, UNITS, SplitConfig
from standpunt.splits.shots import k_shot
from standpunt.splits.time import time_forward
from standpunt.splits.units import inner_fold, leave_one_out, random_by_group

__all__ = [
    "PROTOCOLS",
    "UNITS",
    "Fold",
    "Shared",
    "SplitConfig",
    "assert_no_leak",
    "check_balance",
    "describe",
    "inner_fold",
    "k_shot",
    "leave_one_out",
    "make_folds",
    "random_by_group",
    "split_hash",
    "time_forward",
]
