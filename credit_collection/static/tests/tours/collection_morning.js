/** @odoo-module **/

import { localization } from "@web/core/l10n/localization";
import { registry } from "@web/core/registry";

import { openMenu, patiently } from "./collection_steps";

const NO_DIALOG = "body:not(:has(.modal))";

/** A day of this week or the next, as the user writes it. */
const inFiveDays = () => luxon.DateTime.now().plus({ days: 5 }).toFormat(localization.dateFormat);

/** From To do, open the card with that icon and wait for what its list must show. */
const openCard = (icon, shown) => [
    ...openMenu("todo", ".o_collection_todo"),
    {
        content: `open the card ${icon}`,
        trigger: `.o_collection_todo .o_kanban_record:has(.${icon}):first`,
        run: "click",
    },
    { content: "its list stands", trigger: `.o_list_view ${shown}` },
];

/** From the calls to make, call the customer, and say with a button what came of it. */
const call = (name, note, outcome) => [
    {
        content: `call ${name}`,
        trigger: `.o_list_view .o_data_row:contains('${name}') button[name='action_call']`,
        run: "click",
    },
    {
        content: "what to say, with the figures",
        trigger: `.modal .o_field_widget[name='script']:contains('${name}')`,
    },
    {
        content: "note what was said",
        trigger: ".modal .o_field_widget[name='note'] textarea",
        run: `edit ${note}`,
    },
    { content: outcome, trigger: `.modal button[name='action_${outcome}']`, run: "click" },
];

const noteThePromise = () => [
    {
        content: "the day promised",
        trigger: ".modal .o_field_widget[name='date'] input",
        run: () => {
            const input = document.querySelector(".modal .o_field_widget[name='date'] input");
            input.value = inFiveDays();
            input.dispatchEvent(new InputEvent("input", { bubbles: true }));
            input.dispatchEvent(new Event("change", { bubbles: true }));
        },
    },
    { content: "note it", trigger: ".modal .modal-footer .btn-primary", run: "click" },
    { content: "it is noted", trigger: NO_DIALOG },
];

const noteTheDispute = () => [
    {
        content: "look for a nature",
        trigger: ".modal .o_field_widget[name='nature_id'] input",
        run: "click",
    },
    {
        content: "choose the first nature",
        trigger: ".o-autocomplete--dropdown-item:first a",
        run: "click",
    },
    { content: "open the dispute", trigger: ".modal .modal-footer .btn-primary", run: "click" },
    { content: "it is open", trigger: NO_DIALOG },
];

const actOnAll = (button) => [
    {
        content: "choose all",
        trigger: ".o_list_view thead .o_list_record_selector input",
        run: "click",
    },
    {
        content: button,
        trigger: `.o_control_panel button[name='${button}']`,
        run: "click",
    },
];

registry.category("web_tour.tours").add("collection_morning", {
    steps: () =>
        patiently([
            ...openCard("fa-phone", ".o_data_row:contains('Menuiserie Durand')"),
            ...call("Menuiserie Durand", "Le virement part jeudi", "promise"),
            ...noteThePromise(),
            ...openCard("fa-phone", ".o_data_row:contains('Boulangerie Martin')"),
            ...call("Boulangerie Martin", "La moitié des plaques est cassée", "dispute"),
            ...noteTheDispute(),
            ...openCard("fa-check-square-o", ".o_group_header"),
            { content: "open the level", trigger: ".o_list_view .o_group_header:first", run: "click" },
            { content: "a reminder", trigger: ".o_list_view .o_data_row:contains('Serrurerie Petit')" },
            ...actOnAll("action_approve"),
            { content: "it is approved", trigger: ".o_list_view:not(:has(.o_data_row))" },
            ...openCard("fa-paper-plane-o", ".o_group_header"),
            { content: "open the level", trigger: ".o_list_view .o_group_header:first", run: "click" },
            { content: "the same", trigger: ".o_list_view .o_data_row:contains('Serrurerie Petit')" },
            ...actOnAll("action_send"),
            { content: "it is in the outbox", trigger: ".o_list_view:not(:has(.o_data_row))" },
            ...openMenu("delivery", ".o_list_view .o_data_row:contains('Serrurerie Petit')"),
            ...openMenu("promise", ".o_data_row:contains('Menuiserie Durand')"),
            ...openMenu("dispute", ".o_kanban_record:contains('Boulangerie Martin')"),
        ]),
});
