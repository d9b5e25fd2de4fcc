from . import test_reader_dates
from . import test_service_page
