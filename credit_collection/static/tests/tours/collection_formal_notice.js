/** @odoo-module **/

import { download } from "@web/core/network/download";
import { registry } from "@web/core/registry";

import { openMenu, patiently } from "./collection_steps";

function openRow(words, shown) {
    return [
        {
            content: `open ${words}`,
            trigger: `.o_list_view .o_data_row:contains('${words}') .o_data_cell:not(.o_list_button):first`,
            run: "click",
        },
        { content: `the page of ${words} stands`, trigger: `.o_form_view${shown}` },
    ];
}

function choose(words) {
    return {
        content: `choose the row of ${words}`,
        trigger: `.o_list_view .o_data_row:contains('${words}') .o_list_record_selector input`,
        run: "click",
    };
}

/** Click, and wait until the file is there: going on before would give it up. */
async function clickAndDownload(helpers) {
    const fetchFile = download._download;
    const downloaded = new Promise((resolve, reject) => {
        download._download = async (options) => {
            download._download = fetchFile;
            await fetchFile(options).then(resolve, reject);
        };
    });
    await helpers.click();
    await downloaded;
}

/** The letter in the dialog, as the browser draws its pages. */
function seeLetter(words) {
    return [
        { content: "see what the customer receives", trigger: "button[name='action_preview']:enabled", run: "click" },
        {
            content: `the letter says ${words}`,
            trigger: `.modal iframe.o_pdfview_iframe:iframe .textLayer span:contains('${words}')`,
        },
        { content: "close it", trigger: ".modal .btn-close", run: "click" },
        { content: "it is closed", trigger: "body:not(:has(.modal))" },
    ];
}

/** Change the sentence that holds article 1344, the level being called Sommation, and look at it as PDF. */
const writeSteps = (sentence) => [
    ...openMenu("letter_template", ".o_list_view .o_data_row:contains('Sommation')"),
    ...openRow("Sommation", " .o_field_widget[name='body'] .odoo-editor-editable"),
    { content: "other wordings", trigger: ".nav-link[name='variants']", run: "click" },
    { content: "one is there", trigger: ".o_field_widget[name='variant_ids'] .o_data_row" },
    { content: "the text again", trigger: ".nav-link[name='text']", run: "click" },
    {
        content: "change a sentence",
        trigger: ".odoo-editor-editable p:contains('1344')",
        run: `editor ${sentence}`,
    },
    { content: "save", trigger: ".o_form_button_save", run: "click" },
    { content: "it is saved", trigger: ".o_form_status_indicator_buttons.invisible:not(:visible)" },
    { content: "see it as PDF", trigger: "button[name='action_preview']:enabled", run: clickAndDownload },
];

const sendSteps = (word) => [
    ...openMenu("reminder", ".o_list_view .o_data_row:contains('Menuiserie Durand')"),
    ...openRow("Menuiserie Durand", " .o_statusbar_status [data-value='proposed'].o_arrow_button_current"),
    { content: "choose enclosures", trigger: ".o_statusbar_buttons button:contains(/Enclosures|Pièces jointes|Annexes/)", run: "click" },
    { content: "the invoices are not enclosed", trigger: ".modal .o_field_widget[name='annex_invoices'] input:not(:checked)" },
    { content: "enclose a statement", trigger: ".modal .o_field_widget[name='annex_statement'] input", run: "check" },
    { content: "keep it", trigger: ".modal button[name='action_apply']", run: "click" },
    { content: "it is kept", trigger: "body:not(:has(.modal))" },
    ...seeLetter(word),
    { content: "approve", trigger: "button[name='action_approve']:enabled", run: "click" },
    { content: "send", trigger: "button[name='action_send']:enabled", run: "click" },
    { content: "it is in the outbox", trigger: ".o_statusbar_status [data-value='outbox'].o_arrow_button_current" },
    ...openMenu("delivery", ".o_list_view .o_data_row:contains('Menuiserie Durand')"),
    choose("Menuiserie Durand"),
    choose("Boulangerie Martin"),
    { content: "send now", trigger: ".o_control_panel button[name='action_send_now']", run: "click" },
    {
        content: "the letters are to be posted",
        trigger: ".o_list_view .o_data_row:contains('Menuiserie Durand') .o_field_badge .text-bg-warning",
    },
];

const postSteps = () => [
    choose("Boulangerie Martin"),
    { content: "what else can be done", trigger: ".o_cp_action_menus button:has(.fa-cog)", run: "click" },
    { content: "prepare a deposit", trigger: ".o-dropdown--menu .o_menu_item:contains(/Prepare a deposit|Préparer un dépôt/)", run: "click" },
    {
        content: "its letter is there",
        trigger: ".o_form_view .o_field_widget[name='delivery_ids'] .o_data_row:contains('Boulangerie Martin')",
    },
    { content: "deposit it", trigger: "button[name='action_mark_deposited']:enabled", run: "click" },
    { content: "confirm", trigger: ".modal .modal-footer .btn-primary", run: "click" },
    { content: "its slip is kept", trigger: ".o_form_view .nav-link[name='documents']", run: "click" },
    { content: "with its fingerprint", trigger: ".o_field_widget[name='document_ids'] .o_data_row" },
    ...openMenu("delivery", ".o_list_view .o_data_row:contains('Menuiserie Durand')"),
    ...openRow("Menuiserie Durand", " button[name='action_print']"),
    { content: "it is in the post", trigger: "button[name='action_mark_posted']:enabled", run: "click" },
    { content: "it has left", trigger: ".o_form_view .o_field_widget[name='deposited_on']" },
    { content: "verify", trigger: "button[name='action_verify']:enabled", run: "click" },
    { content: "exactly as sent", trigger: ".o_notification:has(.o_notification_bar.bg-success)" },
    { content: "what happened", trigger: "button[name='action_record_outcome']:enabled", run: "click" },
    { content: "it is asked", trigger: ".modal .o_field_widget[name='deposit_state']" },
    { content: "not yet", trigger: ".modal .btn-close", run: "click" },
    ...openMenu("settings", "#collection_registered .o_field_widget[name='collection_registered_provider'] input"),
    {
        content: "a provider asks for its account",
        trigger: "#collection_registered .o_radio_item:has([data-value='maileva']) input",
        run: "click",
    },
    { content: "it stands", trigger: "#collection_registered .o_field_widget[name='collection_maileva_client_id']" },
    { content: "not now", trigger: ".o_form_button_cancel", run: "click" },
    { content: "as before", trigger: "#collection_registered:not(:has(.o_field_widget[name='collection_maileva_client_id']))" },
];

/** From the text to the post: the notice is changed, looked at, sent and verified. */
function formalNotice(sentence, word) {
    return { steps: () => patiently([...writeSteps(sentence), ...sendSteps(word), ...postSteps()]) };
}

const tours = registry.category("web_tour.tours");
tours.add(
    "collection_formal_notice_french",
    formalNotice("Cette lettre vaut mise en demeure. Écrivez à Mme Hébert, service du crédit.", "Hébert")
);
tours.add(
    "collection_formal_notice_english",
    formalNotice("This letter is a formal notice. Please write to Mrs Wainwright, credit control.", "Wainwright")
);
