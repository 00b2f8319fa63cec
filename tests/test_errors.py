from standpunt.errors import unknown_name


def test_a_near_name_is_suggested_and_the_list_is_for_names_that_are_like_none():
    assert str(unknown_name("issue", "no_fly_zon", ["rent_freeze", "no_fly_zone"])) == (
        "unknown issue 'no_fly_zon': did you mean 'no_fly_zone'?"
    )
    assert str(unknown_name("issue", "xyz", ["b", "a"])) == "unknown issue 'xyz': known are a, b"


def test_of_many_names_the_nearest_few_are_told():
    names = [f"thing_{letter}" for letter in "abcdefghijklmnopqrstuvwxyz"]
    said = str(unknown_name("issue", "free_b", [*names, "b_lane"]))
    assert said.startswith("unknown issue 'free_b': nearest of 27 are ")
    assert said.count(", ") == 4
    assert "b_lane" in said
