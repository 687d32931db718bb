"""Lesson 07: ALiBi's relatives and limits."""

from linbias.check.tasks._task import Task

TASKS = {
    "book_beta": Task(
        number="7.1",
        hints=(
            "What happens to a bias that stands inside the root?",
            "It is divided by sqrt(d). So it has to be larger to act the same.",
            "Larger by that factor: np.sqrt(d).",
        ),
        keep="The book's beta is sqrt(d) times the paper's slope.",
        idea="What will be divided by sqrt(d) is multiplied by it first.",
    ),
    "kerple_power": Task(
        number="7.2",
        hints=(
            "Which part of ALiBi's formula does beta2 change? What does beta2 = 1 give?",
            "Raise the distance, not beta, to the power. In the future the distance is negative: "
            "a root of it is NaN.",
            "np.maximum(steps, 0) is safe to raise to beta2. Multiply by -beta1, then np.where "
            "brings -np.inf to the future.",
        ),
        keep="With exponent 1 KERPLE's power form is ALiBi.",
        idea="ALiBi's table with a power on the distance, which is kept from going below 0.",
    ),
    "kerple_log": Task(
        number="7.3",
        hints=(
            "What is the bias at distance 0? What does the 1 inside the logarithm do?",
            "beta2 multiplies the distance inside the logarithm, beta1 what comes out.",
            "np.log(1 + ...) of the safe distances np.maximum(steps, 0); the mask is as in 7.2.",
        ),
        keep="A logarithm charges for the first steps and hardly for the far ones.",
        idea="The same table with a logarithm in place of the power.",
    ),
    "two_sided": Task(
        number="7.4",
        hints=(
            "What does a key three tokens later cost when one reads both ways?",
            "As much as one three tokens before: only the size of the difference counts.",
            "np.abs of the table of differences. Nothing is blocked here.",
        ),
        keep="For reading both ways the size of the distance counts, and no mask is needed.",
        idea="The size of the difference in place of the difference, without a mask.",
    ),
    "nope_order": Task(
        hints=(
            "Which tokens does the last one see, before and after?",
            "It sees all of them both times. Do their scores know where they stand?",
        ),
        keep="One causal layer without positions: the last token cannot tell the order before it.",
    ),
    "length_feature": Task(
        hints=(
            "In -beta(i - j): which part comes from the sentence, which one is set by the model?",
            "The feature is measured. What decides how much it counts?",
        ),
        keep="beta is the weight of a length feature: how much each step of a jump costs.",
    ),
    "claim_beats": Task(
        hints=(
            "Which two numbers of the table does the claim compare?",
            "Lower perplexity is better. Check the training lengths, too.",
        ),
        keep="Check a claim by its two numbers: same test, the training lengths as said.",
    ),
    "claim_uses": Task(
        hints=(
            "The gain is there. Is its reason there, too?",
            "What happens to the gain when every prediction has the same context?",
        ),
        keep="A gain on longer pieces need not come from a longer look.",
    ),
    "claim_reasoning": Task(
        hints=(
            "What is one counterexample worth against *every*?",
            "Look at the facts on small reasoning tasks: which kind did best on longer ones?",
        ),
        keep="One counterexample refutes a claim about every task.",
    ),
    "claim_rotary": Task(
        hints=(
            "Do the facts give both numbers that the claim needs?",
            "Look for rotary positions, trained at 512, tested on 3072.",
        ),
        keep="No number, no verdict: absent evidence neither supports nor refutes.",
    ),
    "t5_bucket": Task(
        points=0,
        hints=(
            "On a logarithmic scale, how far is d on its way from 16 to 128?",
            "That share runs from 0 to 1, and 16 buckets lie on the way, from number 16 on.",
            "The share is np.log(d / 16) over np.log(128 / 16). Take int of 16 times it, and let "
            "min keep the last bucket at 31.",
        ),
        keep="T5 counts near keys one by one and throws far ones into ever wider buckets.",
        idea="The share of the way on a logarithmic scale, cut into 16 whole buckets.",
    ),
    "rope_score": Task(
        points=0,
        hints=(
            "By which angle is q turned, and by which is k? Each has its own position.",
            "Turn q by i times speed and k by j times speed, then take their product.",
            "Turning (a, b) gives (cos a - sin b, sin a + cos b), with cos and sin of the angle. "
            "A small function of your own does it for both.",
        ),
        keep="Turned by their positions, two vectors meet at the angle of their distance.",
        idea="Turn both by their own positions; the product then knows the difference alone.",
    ),
}
