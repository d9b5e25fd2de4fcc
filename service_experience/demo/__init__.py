from . import service_experience_demo
