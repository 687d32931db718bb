"""Lesson 07: both conventions, order without positions, length features, models, claims."""

from linbias.check.questions._question import Question, Wrong

VERDICTS = {
    "A": "supported by the facts above",
    "B": "refuted by the facts above",
    "C": "neither: they do not tell",
}

QUESTIONS = {
    "nope_order": Question(
        asks="A causal model has **no** position at all, and one layer. You swap the tokens 0 and "
        "1 of a text of five. What happens to the output of the *last* token?",
        right="A",
        choices={
            "A": "Nothing: it mixes the same values with the same weights.",
            "B": "It changes: the tokens now stand at other distances.",
            "C": "It changes: the causal mask now hides one of them.",
            "D": "It cannot be computed without positions.",
        },
        wrong=(
            Wrong(
                "B",
                "distance_assumed",
                "What in this model knows of a distance? There is no bias and no position vector.",
            ),
            Wrong(
                "C",
                "mask_moves",
                "The last query sees all keys, before and after. The mask would matter to the "
                "queries 0 and 1.",
            ),
            Wrong(
                "D",
                "positions_needed",
                "Softmax of scores, then a mix of the values: which step asks for a position?",
            ),
        ),
    ),
    "length_feature": Question(
        asks="A translation system adds up *weighted features*, $w_1 f_1 + w_2 f_2 + \\ldots$, and "
        "prefers the highest sum. One feature is $f_2 = -(i - j)$: minus the length of a jump. "
        "Which part of it is ALiBi's $\\beta$?",
        right="B",
        choices={
            "A": "the feature $f_2$",
            "B": "the weight $w_2$",
            "C": "the sum of all features",
            "D": "the weight $w_1$ of the other feature",
        },
        wrong=(
            Wrong(
                "A",
                "feature_for_weight",
                "The feature is counted: how long is the jump? What says how much each step costs?",
            ),
            Wrong(
                "C",
                "score_for_weight",
                "The sum is the whole score. In attention that is q k plus the bias.",
            ),
            Wrong(
                "D",
                "other_feature",
                "That one weighs the content: in attention it belongs to q k. Which one weighs the "
                "length?",
            ),
        ),
    ),
    "claim_beats": Question(
        asks="*On pieces of 3072, ALiBi trained at 512 did better than sinusoidal vectors trained "
        "at 3072.*",
        right="A",
        choices=VERDICTS,
        wrong=(
            Wrong("B", "misread", "Compare 18.40 and 18.67: lower is better."),
            Wrong(
                "C",
                "not_seen",
                "Both were tested on pieces of 3072, and both numbers are in the table.",
            ),
        ),
    ),
    "claim_uses": Question(
        asks="*The model trained at 512 predicts better on pieces of 3072 because it uses "
        "contexts longer than 512.*",
        right="B",
        choices=VERDICTS,
        wrong=(
            Wrong(
                "A",
                "gain_means_use",
                "Its perplexity fell on longer pieces. But what happened when only the context "
                "grew, with a sliding window?",
            ),
            Wrong(
                "C",
                "window_overlooked",
                "Read the second fact: what would have to happen to the perplexity if the longer "
                "context were used?",
            ),
        ),
    ),
    "claim_reasoning": Question(
        asks="*On every task, ALiBi copes better with longer texts than a model without "
        "positions.*",
        right="B",
        choices=VERDICTS,
        wrong=(
            Wrong(
                "A",
                "one_task",
                "Perplexity is one task. Read the third fact.",
            ),
            Wrong(
                "C",
                "overlooked",
                "One counterexample is enough against 'every'. Read the third fact.",
            ),
        ),
    ),
    "claim_rotary": Question(
        asks="*On pieces of 3072, ALiBi trained at 512 did better than rotary positions trained at "
        "512.*",
        right="C",
        choices=VERDICTS,
        wrong=(
            Wrong(
                "A",
                "believed",
                "It may be true. But which number above is one of rotary positions?",
            ),
            Wrong(
                "B",
                "disbelieved",
                "It may be false. But which number above is one of rotary positions?",
            ),
        ),
    ),
}
