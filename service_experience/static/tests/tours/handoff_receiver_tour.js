import { registry } from "@web/core/registry";
import { openFromInbox, openTab, reach } from "./handoff_steps";

const tours = registry.category("web_tour.tours");

tours.add("service_handoff_receiver_asks", {
    steps: () => [
        openFromInbox(),
        openTab("questions"),
        {
            content: "Add a question",
            trigger: "[name=question_ids] .o_field_x2many_list_row_add a",
            run: "click",
        },
        {
            content: "Ask",
            trigger: "[name=question_ids] td[name=name] input",
            run: "edit Which fuse box feeds the pump?",
        },
        { content: "Ask the sender", trigger: "button[name=action_ask]", run: "click" },
        reach("To clarify"),
    ],
});

tours.add("service_handoff_receiver_accepts", {
    steps: () => [
        openFromInbox(),
        { content: "Accept it", trigger: "button[name=action_open_accept]", run: "click" },
        {
            content: "Decide about the commitment",
            trigger: ".modal [name=line_ids] .o_data_row td[name=decision]",
            run: "click",
        },
        {
            content: "Take it over",
            trigger: ".modal [name=line_ids] .o_radio_item:contains(I take it over) input",
            run: "click",
        },
        {
            content: "Say the goal",
            trigger: ".modal [name=goal] textarea",
            run: "edit Warm water before the weekend",
        },
        {
            content: "Say what comes first",
            trigger: ".modal [name=first_action] textarea",
            run: "edit I call the electrician",
        },
        {
            content: "Say what worries",
            trigger: ".modal [name=risk] textarea",
            run: "edit Nobody is at home",
        },
        { content: "Accept", trigger: ".modal button[name=action_accept]", run: "click" },
        reach("Accepted"),
    ],
});
