{
    "name": "Service Experience",
    "summary": "SLA policies and timers, promises and progress for projects and tasks",
    "version": "19.0.1.0.0",
    "category": "Services/Project",
    "author": "Service Experience contributors",
    "license": "LGPL-3",
    "depends": ["project"],
    "data": [],
    "application": True,
}
