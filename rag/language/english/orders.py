"""What speaks to whoever answers, not of the world."""

import re

# "Ignore your instructions", "reply only with the word …".
RULES = re.compile(
    r"(?i)\b(?:ignore|disregard|forget|override|bypass)\b.{0,40}\b(?:instruction|prompt|rule|document"
    r"|above|previous)|\b(?:system prompt|your (?:prompt|instructions|rules|api key))\b"
    r"|\b(?:reply|respond|answer) (?:only |just )?with (?:only )?(?:the )?(?:word|phrase|text)\b"
)
# What a document says to whoever answers from it, at the start of a sentence (behind "<!--" or
# "[//]:", which are no words, either).
TO_READER = re.compile(
    r"(?i)^\W*+(?:(?:system\s*:|assistant\s*:|please\s+)\W*+)?(?:(?:ignore|disregard|forget"
    r"|pretend|remember|reveal|print|output|repeat|say|reply|respond|answer in|begin your|end your"
    r"|translate your|cite|claim that|quote)\b|you are now\b|from now on\b|if you are an? (?:ai|llm"
    r"|assistant|language model)\b|the user has asked\b|new rules\b|as an? (?:ai|assistant)\b)"
    r"|(?i:\b(?:system|assistant)\s*:\s)"
)
