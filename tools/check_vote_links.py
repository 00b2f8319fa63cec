"""How often a file of motions has the wrong vote: do parties vote for what their own members signed?

The link from motion to vote was rebuilt by others, who let no motion pass whose sponsor's party, as they knew it, voted
against. So only signers count here whose party they did not know, or had wrong: those are a check of their own.

Usage: check_vote_links.py DATA (the folder of data sets)
"""

import sys
from pathlib import Path

from scipy.stats import beta

from standpunt.corpora.voted_debates import read_voted_debates
from standpunt.parliament.votes import AGAINST, FOR
from standpunt.text.letters import unaccented


def main(data: Path) -> None:
    """Print the counts and the share of wrong links that they let expect, with its 95 % interval."""
    voted = read_voted_debates(data)
    motions = voted.votes.motions
    given = {unaccented(name): party for motion in motions for name, party in motion.sponsors if party}
    fresh = {name for name, party in voted.members.items() if given.get(name) != party}
    checks = against = 0
    for motion in motions:
        parties = {voted.members[name] for name in map(unaccented, motion.signed) if name in fresh}
        cast = [motion.votes[party] for party in parties if party in motion.votes]
        checks += len(cast)
        against += cast.count(AGAINST)
    votes = [vote for motion in motions for vote in motion.votes.values()]
    by_chance = votes.count(AGAINST) / (votes.count(FOR) + votes.count(AGAINST))
    low = beta.ppf(0.025, against, checks - against + 1) if against else 0.0
    high = beta.ppf(0.975, against + 1, checks - against)
    share, low, high = (value / by_chance for value in (against / checks, low, high))
    print(f"{len(motions)} motions, {sum(m.by_person for m in motions)} by name; left out: {voted.votes.left_out}")
    print(f"{len(fresh)} signers whose party the file does not know or has wrong: {checks} votes, {against} against")
    print(f"a wrong link is against with a probability of {by_chance:.2f}: {share:.3f} [{low:.3f}, {high:.3f}] wrong")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
