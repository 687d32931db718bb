"""Lesson 05: the same attention from other matrices, and changes of real projects."""

from linbias.check.questions._question import Question, Wrong

QUESTIONS = {
    "left_padding": Question(
        asks="A batch pads a short text on the **left**: `[pad, pad, The, cat, sat]`. The pads are "
        "masked. One program numbers the keys 0, 1, 2, 3, 4, another counts words only and gives "
        "`The` the position 0. Both add $\\beta$ times the number. What of the attention among the "
        "three words?",
        right="B",
        choices={
            "A": "It differs: the first program pushes the words two positions on.",
            "B": "It is the same: every visible number differs by the same constant.",
            "C": "It differs in the first row only.",
            "D": "It is the same only if the pads are not masked.",
        },
        wrong=(
            Wrong(
                "A",
                "position_for_distance",
                "The numbers differ, by 2 times beta for each of the words. What does softmax do "
                "with a number that stands in every visible cell of a row?",
            ),
            Wrong(
                "C",
                "first_row_only",
                "Compare the rows one by one: by how much do the two programs differ in the row of "
                "`sat`, and by how much in that of `The`?",
            ),
            Wrong(
                "D",
                "mask_upside_down",
                "An unmasked pad takes part in softmax and gets a share. Whose share is it then?",
            ),
        ),
    ),
    "museum_one": Question(
        asks="In which of these did the **attention** change, beyond rounding? All mask the "
        "future.",
        right="AD",
        several=True,
        choices={
            "A": "`slope * (q_idx - kv_idx)` became `slope * (kv_idx - q_idx)` "
            "([attention-gym #86](https://github.com/meta-pytorch/attention-gym/pull/86), 2024)",
            "B": "`slope * (token_idx - context_len)` became "
            "`slope * (token_idx - context_len + 1)` "
            "([vLLM #945](https://github.com/vllm-project/vllm/pull/945), 2023)",
            "C": "one row for all queries was to become a full matrix with $-m(i-j)$ "
            "([NeMo #7105](https://github.com/NVIDIA-NeMo/Speech/pull/7105), 2023, not merged)",
            "D": "scaled score + bias became scaled score + bias / $\\sqrt d$, for Falcon-RW "
            "([TensorRT-Model-Connect #32]"
            "(https://github.com/NVIDIA/TensorRT-Model-Connect/pull/32), 2026)",
        },
        wrong=(
            Wrong(
                "A",
                "sign_flipped",
                "Look at A again: which key of a row got most before, and which one after? "
                "Is the difference of the two forms one constant in a row?",
            ),
            Wrong(
                "B",
                "one_too_many",
                "Look at B again: by how much do the two forms differ for key 0, and by how much "
                "for key 5?",
            ),
            Wrong(
                "C",
                "row_repeated",
                "Look at C again: take the row [-4, -3, -2, -1, 0] for query 2, hide keys 3 and 4, "
                "and compare with [-2, -1, 0].",
            ),
            Wrong(
                "D",
                "factor_for_shift",
                "Look at D again: is a row that is divided by 8 the old row plus a constant?",
            ),
        ),
    ),
    "museum_two": Question(
        asks="In which of these did the **attention** change? All mask the future; D asks about "
        "the numbers that the machine really computes.",
        right="ACD",
        several=True,
        choices={
            "A": "with a cache, one new query: the bias was made for the query alone, one number, "
            "0; now it is made for all keys "
            "([keras-hub #2977](https://github.com/keras-team/keras-hub/pull/2977), 2026)",
            "B": "a user wants `[-n, ..., -1, 0] * slope` replaced by `[0, 1, ..., n] * slope`, as "
            "in training ([vLLM #1009](https://github.com/vllm-project/vllm/issues/1009), 2023)",
            "C": "the sum of score and bias was multiplied by the layer's number later on; now the "
            "bias is divided by that number first ([Megatron-DeepSpeed #222]"
            "(https://github.com/bigscience-workshop/Megatron-DeepSpeed/pull/222), 2022)",
            "D": "long texts: the bias from distances in float32 became slope times key position, "
            "both in bf16 ([TensorRT-Model-Connect #667]"
            "(https://github.com/NVIDIA/TensorRT-Model-Connect/issues/667), 2026)",
        },
        wrong=(
            Wrong(
                "A",
                "cache_forgotten",
                "Look at A again: one number 0 is added to every key of the row. How much does "
                "distance cost then?",
            ),
            Wrong(
                "B",
                "row_repeated",
                "Look at B again: by how much do the two rows differ at the first key, and by how "
                "much at the last?",
            ),
            Wrong(
                "C",
                "factor_for_shift",
                "Look at C again: in layer 20 the bias ended up 20 times too large. Is that a "
                "constant added to a row?",
            ),
            Wrong(
                "D",
                "paper_for_machine",
                "Look at D again: on paper the two agree. How far can bf16 count without leaving "
                "out a number?",
            ),
        ),
    ),
}
