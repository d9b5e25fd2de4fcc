import { describe, expect, test } from "@odoo/hoot";
import { animationFrame, click, queryAllTexts } from "@odoo/hoot-dom";
import { mockDate } from "@odoo/hoot-mock";
import {
    defineMailModels,
    insertText,
    openFormView,
    start,
    startServer,
    contains as waitFor,
} from "@mail/../tests/mail_test_helpers";
import {
    contains,
    defineModels,
    fields,
    models,
    onRpc,
    patchWithCleanup,
} from "@web/../tests/web_test_helpers";
import { user } from "@web/core/user";

class ProjectTask extends models.Model {
    _name = "project.task";
    _views = { form: `<form><field name="name"/><chatter/></form>` };
    name = fields.Char();
    message_ids = fields.One2many({ relation: "mail.message" });
    message_follower_ids = fields.Many2many({ relation: "mail.followers" });
}

class ServiceCommitment extends models.Model {
    _name = "service.commitment";
    _views = {
        form: `<form><field name="name"/><field name="task_id"/><field name="current_to"/>
            <field name="source_ref"/></form>`,
    };
    name = fields.Char();
    task_id = fields.Many2one({ relation: "project.task" });
    current_to = fields.Date();
    source_ref = fields.Char();
}

describe.current.tags("desktop");
defineMailModels();
defineModels([ProjectTask, ServiceCommitment]);

const GROUP = "service_experience.service_experience_group_user";
const OFFER = ".o_service_commitment_offer";
const INPUT = ".o-mail-Composer-input";
const TEXT = "We install it on 27 November.";

/** Open a record, its customer's conversation and write a text. */
async function write(text, options = {}) {
    const { model = "project.task", isStaff = true, button = "Send message" } = options;
    mockDate("2026-11-24 10:00:00");
    const pyEnv = await startServer();
    const id = pyEnv[model].create({ name: "No hot water" });
    await start();
    patchWithCleanup(user, {
        hasGroup: (group) => Promise.resolve(isStaff && group === GROUP),
    });
    await openFormView(model, id);
    await waitFor(".o-mail-Message, .o-mail-Thread:contains(The conversation is empty.)");
    await contains(`.o-mail-Chatter-topbar button:contains(${button})`).click();
    await insertText(INPUT, text);
    await animationFrame();
    return pyEnv;
}

test("a message that names a date offers to record it", async () => {
    await write(TEXT);
    await waitFor(OFFER);
    expect(OFFER).toHaveText(/^You name a date: Friday, November 27\.\s*Record as a commitment$/);
    expect(INPUT).toHaveValue(TEXT);
});

test("the year is told when it is another one", async () => {
    await write("We come on 5 January.");
    await waitFor(OFFER);
    expect(`${OFFER} span`).toHaveText("You name a date: Tuesday, January 5, 2027.");
});

for (const [title, text, options] of [
    ["a message without a date", "We call you. It costs 1.5.", {}],
    ["a day that is over", "We came on 20 November.", {}],
    ["a note", TEXT, { button: "Log note" }],
    ["another record", TEXT, { model: "res.partner" }],
    ["another user", TEXT, { isStaff: false }],
]) {
    test(`${title} offers nothing`, async () => {
        await write(text, options);
        expect(INPUT).toHaveValue(text);
        expect(OFFER).toHaveCount(0);
    });
}

test("the promise is recorded in a dialog, and the text stays", async () => {
    onRpc("service.commitment", "web_save", ({ args }) => {
        expect.step(args[1]);
    });
    const pyEnv = await write(TEXT);
    await contains(".o_service_commitment_record").click();
    await contains(".modal [name=name] input").edit("Heat pump installed");
    await contains(".modal .o_form_button_save").click();
    await waitFor(".modal", { count: 0 });
    const [task] = pyEnv["project.task"].search([]);
    expect.verifySteps([
        {
            name: "Heat pump installed",
            task_id: task,
            current_to: "2026-11-27",
            source_ref: "Message",
        },
    ]);
    expect(INPUT).toHaveValue(TEXT);
    expect(OFFER).toHaveCount(0);
});

test("discarding the dialog leaves text and offer", async () => {
    await write(TEXT);
    await contains(".o_service_commitment_record").click();
    await contains(".modal .o_form_button_cancel").click();
    await waitFor(".modal", { count: 0 });
    expect(INPUT).toHaveValue(TEXT);
    expect(OFFER).toHaveCount(1);
});

test("not now: this day is not offered again, another one is", async () => {
    await write(TEXT);
    await click(".o_service_commitment_dismiss");
    await animationFrame();
    expect(OFFER).toHaveCount(0);
    await insertText(INPUT, "Or on 4 December.", { replace: true });
    await animationFrame();
    expect(queryAllTexts(`${OFFER} span`)).toEqual(["You name a date: Friday, December 4."]);
});
