import { registry } from "@web/core/registry";

/** Wait until the server knows that the customer looks at the page: the browser tells it. */
async function waitUntilTold() {
    for (let look = 0; look < 50; look++) {
        const response = await fetch(window.location.href);
        if ((await response.text()).includes("We told you on")) {
            return;
        }
        await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error("Looking at the page does not count as being told");
}

registry.category("web_tour.tours").add("service_experience_portal.accept_new_date", {
    steps: () => [
        {
            content: "It says why it takes longer",
            trigger: ".o_service_page_delays .o_service_page_said",
        },
        {
            content: "And the new date",
            trigger: ".o_service_delay_day dd time",
        },
        {
            content: "And when the customer hears next",
            trigger: ".o_service_delay_facts:contains(at the latest)",
        },
        {
            content: "Whoever looks at it has been told",
            trigger: ".o_service_page_delays .o_service_page_by",
            run: waitUntilTold,
        },
        {
            content: "The new date suits",
            trigger: ".o_service_delay_form button[value=accepted]",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "The page says thank you",
            trigger: ".o_service_page_thanks:contains(we have noted your answer)",
        },
        {
            content: "And what was answered",
            trigger: ".o_service_delay_answered:contains(You accepted this date)",
        },
        {
            content: "Nothing more is asked",
            trigger: ".o_service_page_delays:not(:has(.o_service_delay_form))",
        },
    ],
});
