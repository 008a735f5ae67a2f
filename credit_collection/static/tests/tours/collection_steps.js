/** @odoo-module **/

/** Give each step the time of a busy machine. */
export function patiently(steps) {
    return steps.map((step) => ({ timeout: 30000, ...step }));
}

/** Open an entry of the Collection menu, then wait for what its screen must show. */
export function openMenu(name, shown) {
    return [
        {
            content: "open the Collection menu",
            trigger: ".o_menu_sections [data-menu-xmlid='credit_collection.menu_collection']",
            run: "click",
        },
        {
            content: `choose ${name}`,
            trigger: `.o-dropdown--menu [data-menu-xmlid='credit_collection.menu_collection_${name}']`,
            run: "click",
        },
        {
            content: `the screen of ${name} stands`,
            trigger: shown,
        },
    ];
}
