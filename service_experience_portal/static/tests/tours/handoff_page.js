import { registry } from "@web/core/registry";

const INTERNAL = "The pump is on site and waits for the electrician";

registry.category("web_tour.tours").add("service_experience_portal.read_who_took_over", {
    steps: () => [
        {
            content: "Who took over is named",
            trigger: ".o_service_page_handoff:contains(took over)",
        },
        {
            content: "Nothing has to be said twice",
            trigger: ".o_service_page_handoff:contains(You need not repeat anything)",
        },
        {
            content: "The contact is whoever accepted",
            trigger: "body:contains(receiver)",
        },
        {
            content: "What colleagues wrote to each other is not there",
            trigger: "body",
            run: ({ anchor }) => {
                if (anchor.textContent.includes(INTERNAL)) {
                    throw new Error("The customer reads internal words");
                }
            },
        },
    ],
});
