"""The contract of model families, for naive Bayes."""

from naive_bayes import NaiveBayesConfig

from standpunt.testing import ModelContract


class TestNaiveBayes(ModelContract):
    """All tests are inherited."""

    config = NaiveBayesConfig()
