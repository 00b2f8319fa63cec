"""Every mistake in a configuration is one sentence with the file, the setting and the nearest right one."""

import pytest

pytestmark = pytest.mark.slow  # whole commands, experiments or readings

HEAD = "defaults: [config, override model: majority, _self_]\nname: mine\n"
FILES = {
    "mine": HEAD,
    "key": f"{HEAD}corpsu: {{name: fictional}}\n",
    "nested": f"{HEAD}corpus: {{nmae: fictional}}\n",
    "group": HEAD.replace("model", "modle"),
    "option": HEAD.replace("majority", "majorty"),
    "type": f"{HEAD}seed: first\n",
    "setting": f"{HEAD}model: {{foo: 1}}\n",
    "swept": f'{HEAD}hydra: {{mode: MULTIRUN, sweeper: {{params: {{sed: "1,2"}}}}}}\n',
    "refers": f'{HEAD}corpus: {{name: "${{nothing}}"}}\n',
    "bare": "name: mine\n",
    "list": "- mine\n",
}


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("mine corpsu=fictional", "with corpsu=fictional: unknown setting 'corpsu': did you mean 'corpus'?"),
        ("mine corpsu.name=x", "with corpsu.name=x: unknown setting 'corpsu.name': did you mean 'corpus.name'?"),
        ("mine corpus.nmae=x", "with corpus.nmae=x: unknown setting 'corpus.nmae': did you mean 'corpus.name'?"),
        (
            "mine model=unknwon",
            "with model=unknwon: unknown model 'unknwon': nearest of 23 are issue_only, words_and_poles,",
        ),
        ("mine model=tfdif", "with model=tfdif: unknown model 'tfdif': did you mean 'tfidf'?"),
        ("mine model=nothing,majority -m", "with model=nothing,majority: unknown model 'nothing'"),
        ("mine model.foo=1", "with model.foo=1: unknown setting 'model.foo': known are family, name"),
        ("mine +foo=1", "with +foo=1: unknown setting 'foo': known are corpus, evaluation,"),
        ("mine hydra/launcher=jolib -m", "unknown hydra/launcher 'jolib': did you mean 'joblib'?"),
        ("mine seed=first", "with seed=first: seed must be a whole number, got 'first'"),
        ("mine seed=1,first -m", "with seed=1,first: seed must be a whole number, got 'first'"),
        ("mine evaluation.confidence=high", "evaluation.confidence must be a number, got 'high'"),
        ("mine fail_fast=maybe", "fail_fast must be true or false, got 'maybe'"),
        ("mine evaluation.test=fictional", "evaluation.test must be a list, [A,B]"),
        ("mine sed=1,2 -m", "with sed=1,2: unknown setting 'sed': did you mean 'seed'?"),
        ("mine seed=1,2", "with seed=1,2: seed has several values; to run them all add -m"),
        ("mine corpus.name=???", "corpus.name has no value; give it one, e.g. corpus.name=..."),
        ("mine corpus.name=${nothing}", "corpus.name refers to ${nothing}, which is no setting"),
        ("mine model={a", "with model={a: { and } do not match in the value"),
        ("mine seed", "with seed: expected a value, seed=VALUE"),
        ("mine =", "with =: expected the name of a setting before the sign, KEY=VALUE"),
        ("mine ~foo", "with ~foo: unknown setting 'foo'"),
        ("mine model@foo=tfidf", "nothing is chosen as model@foo"),
        (
            "mine corpus.name=fictionl",
            "with corpus.name=fictionl: unknown corpus 'fictionl': did you mean 'fictional'?",
        ),
        ("mine corpus.name=fictionl seed=1,2 -m", "unknown corpus 'fictionl': did you mean 'fictional'?"),
        ("mine corpus.layer=lm-c", "unknown layer 'lm-c': did you mean 'lm-b'?; choose with corpus.layer="),
        ("mine task.name=stnace", "with task.name=stnace: unknown task 'stnace': did you mean 'stance'?"),
        ("key", "key.yaml: unknown setting 'corpsu': did you mean 'corpus'?"),
        ("nested", "nested.yaml: unknown setting 'corpus.nmae': did you mean 'corpus.name'?"),
        ("group", "group.yaml: unknown setting 'modle': did you mean 'model'?"),
        ("option", "option.yaml: unknown model 'majorty': did you mean 'majority'?"),
        ("type", "type.yaml: seed must be a whole number, got 'first'"),
        ("setting", "setting.yaml: unknown setting 'model.foo': known are family, name"),
        ("swept", "swept.yaml: unknown setting 'sed': did you mean 'seed'?"),
        ("refers", "refers.yaml: corpus.name refers to ${nothing}, which is no setting"),
        ("bare", "bare.yaml: it names no defaults; begin it with defaults: [config,"),
        ("list", "list.yaml: expected settings"),
    ],
)
def test_mistake_is_one_sentence_and_leaves_nothing(standpunt, tmp_path, command, said):
    name, *arguments = command.split()
    (tmp_path / f"{name}.yaml").write_text(FILES[name], encoding="utf-8")
    done = standpunt("run", f"{name}.yaml", *arguments)
    (line,) = done.stderr.splitlines()
    assert (done.returncode, done.stdout) == (2, "")
    assert line.startswith(f"standpunt: {name}.yaml")
    assert said in line
    assert [path.name for path in tmp_path.iterdir()] == [f"{name}.yaml"]


def test_reasons_that_differ_are_all_said_and_no_folder_is_left(standpunt, tmp_path):
    (tmp_path / "mine.yaml").write_text(FILES["mine"], encoding="utf-8")
    done = standpunt("run", "mine.yaml", "-m", "corpus.name=fictionl,./nowhere")
    assert done.returncode == 2
    one, other = done.stderr.splitlines()
    assert ("nowhere" in one, "fictionl" in other) == (True, True)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.yaml"]


def test_folder_for_runs_that_was_there_stays(standpunt, tmp_path):
    (tmp_path / "runs").mkdir()
    (tmp_path / "mine.yaml").write_text(FILES["mine"], encoding="utf-8")
    assert standpunt("run", "mine.yaml", "corpus.name=fictionl").returncode == 2
    assert list((tmp_path / "runs").iterdir()) == []
