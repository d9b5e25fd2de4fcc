from . import service_forecast_case
from . import service_forecast_known
from . import service_forecast_back_test
from . import project_task_forecast
