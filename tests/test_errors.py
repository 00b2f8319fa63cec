from standpunt.errors import unknown_name


def test_a_near_name_is_suggested_and_the_list_is_for_names_that_are_like_none():
    assert str(unknown_name("issue", "no_fly_zon", ["rent_freeze", "no_fly_zone"])) == (
        "unknown issue 'no_fly_zon': did you mean 'no_fly_zone'?"
    )
    assert str(unknown_name("issue", "xyz", ["b", "a"])) == "unknown issue 'xyz': known are a, b"
