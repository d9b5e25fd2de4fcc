"""What all tests share: freezing the time at a third of its price."""

from freezegun import api


def look_of(module):
    """Return what tells whether a module has changed since the time was frozen before.

    At each start freezegun looks for names of the clock in all modules that have changed, and
    sorts the names of all 2,000 to find these. That a module has another number of names says it,
    too.
    """
    return id(module), len(getattr(module, "__dict__", ()))


api._get_module_attributes_hash = look_of  # noqa: SLF001 (there is no other way to say it)
