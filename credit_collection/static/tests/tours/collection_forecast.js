/** @odoo-module **/

import { registry } from "@web/core/registry";

import { openMenu, patiently } from "./collection_steps";

/** The forecast, its periods and parts, the dates of the items, the plan, and what came: each screen opens and answers. */
registry.category("web_tour.tours").add("collection_forecast", {
    steps: () =>
        patiently([
            ...openMenu("forecast", ".o_collection_forecast .o_collection_forecast_chart canvas"),
            {
                content: "it says what it is worth",
                trigger: ".o_collection_forecast [data-verdict='too_little_data']",
            },
            { content: "the table stands behind", trigger: ".o_collection_forecast_periods tbody tr:nth-child(3)" },
            { content: "see the months", trigger: "button[data-granularity='month']", run: "click" },
            { content: "they are shown", trigger: "button[data-granularity='month'].btn-primary" },
            {
                content: "the plan of the month stands beside",
                trigger: ".o_collection_forecast_plan[data-state='missed']",
            },
            { content: "see one collector's customers", trigger: "select[name='scope']", run: "selectByIndex 1" },
            { content: "no plan is theirs", trigger: ".o_collection_forecast:not(:has(.o_collection_forecast_plan))" },
            ...openMenu("payment_date", ".o_list_view:has(th[data-name='p50']) .o_data_row:contains('Menuiserie Durand')"),
            ...openMenu("cash_plan", ".o_list_view:has(th[data-name='missing']) .o_data_row"),
            ...openMenu("forecast_line", ".o_list_view:has(th[data-name='actual'])"),
        ]),
});
