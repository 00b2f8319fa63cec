import pytest
import yaml

from standpunt.errors import InputError
from standpunt.evaluation.condition import ADDRESSED, ALL
from standpunt.storage.paths import configs_dir
from standpunt.tasks import SENTENCE, TASKS, TURN, get_task, labels_on


def test_every_task_has_a_configuration_that_names_it():
    found = {path.stem: yaml.safe_load(path.read_text("utf-8")) for path in (configs_dir() / "task").glob("*.yaml")}
    assert found == {name: {"name": name} for name in TASKS}


def test_sentence_tasks():
    sentence = {name for name, task in TASKS.items() if task.unit == SENTENCE}
    assert sentence == {"component", "argument", "claim_premise", "frame", "link"}
    assert get_task("stance").unit == TURN
    assert len(get_task("frame").labels) == 15
    assert get_task("link").labels == ("support", "attack", "none")


@pytest.mark.parametrize("task", TASKS.values(), ids=lambda task: task.name)
def test_labels_are_distinct(task):
    assert len(set(task.labels)) == len(task.labels) > 1


def test_unknown_task_is_refused():
    with pytest.raises(InputError, match="unknown task 'componnet': did you mean 'component'"):
        get_task("componnet")


def test_none_is_no_label_of_pairs_that_address_the_issue():
    joint = get_task("stance_joint")
    assert labels_on(ALL, joint)[-1] == "none"
    assert labels_on(ADDRESSED, joint) == get_task("stance").labels
