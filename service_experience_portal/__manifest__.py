{
    "name": "Service Experience Portal",
    "summary": "A live page for every customer of a service",
    "version": "19.0.1.0.0",
    "category": "Services/Project",
    "author": "Service Experience contributors",
    "license": "LGPL-3",
    "depends": ["service_experience", "portal"],
    "data": [],
}
