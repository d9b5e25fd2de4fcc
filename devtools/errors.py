"""What a person at the keyboard can meet and mend."""


class SetupError(Exception):
    """A failure with one clear sentence: what is wrong and what to do about it."""
