"""The pure parts of `make compare`: what it says is only worth what these are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.comparison.measures import (
    accuracy,
    calibration_error,
    cascade_curve,
    joined,
    macro_f1,
    percentile,
    refusal_curve,
    split_in_folds,
)


def test_what_belongs_together_through_a_third_is_one_group() -> None:
    assert joined(6, [(4, 2), (2, 5), (1, 3)]) == [0, 1, 2, 1, 2, 2]
    assert joined(3, []) == [0, 1, 2]


@given(
    pairs=st.lists(st.tuples(st.integers(0, 59), st.integers(0, 59)), max_size=40),
    folds=st.integers(2, 5),
    seed=st.integers(0, 99),
)
def test_near_duplicates_are_kept_in_one_fold(
    pairs: list[tuple[int, int]], folds: int, seed: int
) -> None:
    found = split_in_folds(joined(60, pairs), folds, seed)
    assert set(found) <= set(range(folds))
    assert all(found[one] == found[other] for one, other in pairs)


def test_folds_are_of_nearly_the_same_size_and_the_seed_decides() -> None:
    groups = joined(90, [(0, n) for n in range(20)])
    found = split_in_folds(groups, 3, seed=1)
    assert sorted(found.count(fold) for fold in range(3)) == [30, 30, 30]
    assert found == split_in_folds(groups, 3, seed=1)
    assert found != split_in_folds(groups, 3, seed=2)


def test_accuracy_and_f1_by_hand() -> None:
    wanted, read = ["a", "a", "a", "b"], ["a", "a", "b", "b"]
    assert accuracy(wanted, read) == 0.75
    # a: precision 1, recall 2/3; b: precision 1/2, recall 1
    assert macro_f1(wanted, read) == pytest.approx((0.8 + 2 / 3) / 2)
    # What was never wanted does not count as an intent, only against the others.
    assert macro_f1(["a", "a"], ["a", "c"]) == pytest.approx(2 / 3)


def test_calibration_error_by_hand() -> None:
    assert calibration_error([1.0, 1.0], [True, True]) == 0
    assert calibration_error([1.0, 1.0], [True, False]) == pytest.approx(0.5)
    # Two bins, each a quarter out, in opposite directions: they do not cancel out.
    assert calibration_error([0.75, 0.75, 0.25, 0.25], [True, True, False, False]) == pytest.approx(
        0.25
    )
    # Within a bin they do.
    assert calibration_error([0.5, 0.5], [True, False]) == 0


def test_a_confidence_on_a_bins_edge_belongs_to_the_lower_bin() -> None:
    # 0.5 and 0.2 share the lower of two bins; 0.6 is alone in the upper.
    found = calibration_error([0.5, 0.2, 0.6], [True, False, True], bins=2)
    assert found == pytest.approx((0.3 + 0.4) / 3)
    assert calibration_error([0.0], [False]) == 0


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1))
def test_calibration_error_lies_between_nothing_and_all(cases: list[tuple[float, bool]]) -> None:
    found = calibration_error([sure for sure, _ in cases], [right for _, right in cases])
    assert -1e-9 <= found <= 1 + 1e-9


def test_refusal_curve_by_hand() -> None:
    values = [0.9, 0.2, 0.9, 0.8, 0.1, 0.7]
    unrelated = [True, True, True, False, False, False]
    read_unrelated = [False, False, True, False, False, True]
    curve = refusal_curve(values, unrelated, read_unrelated, [0, 0.5, 0.95])
    assert [row["at"] for row in curve] == [0, 0.5, 0.95]
    assert [row["claimed"] for row in curve] == pytest.approx([2 / 3, 1 / 3, 0])
    assert [row["refused"] for row in curve] == pytest.approx([1 / 3, 2 / 3, 1])


def test_cascade_curve_by_hand() -> None:
    sure = [0.9, 0.6, 0.3]
    quick, slow = [True, False, False], [False, True, True]
    curve = cascade_curve(sure, quick, slow, [0, 0.5, 0.7, 1])
    assert [row["asked_twice"] for row in curve] == pytest.approx([0, 1 / 3, 2 / 3, 1])
    assert [row["accuracy"] for row in curve] == pytest.approx([1 / 3, 2 / 3, 1, 2 / 3])


def test_percentiles_are_values_that_were_measured() -> None:
    assert percentile([3, 1, 2], 50) == 2
    assert percentile(list(range(1, 101)), 95) == 95
    assert percentile([7], 95) == 7
