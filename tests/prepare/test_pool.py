"""Every item has its result or its reason; a process that dies takes one item with it."""

from visavox.prepare.pool import DIED, Failure, in_processes

DEATH = "__import__('os')._exit(9)"


def test_results_reasons_and_deaths():
    found = dict(in_processes(eval, list, ["1 + 1", DEATH, "1 / 0", "2 + 2", "3 + 3"], 2))
    assert {item: found[item] for item in ("1 + 1", "2 + 2", "3 + 3")} == {"1 + 1": 2, "2 + 2": 4, "3 + 3": 6}
    assert found[DEATH] == Failure(DIED)
    assert found["1 / 0"] == Failure("ZeroDivisionError: division by zero")
