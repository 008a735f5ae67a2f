import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

import { Component } from "@odoo/owl";

import { clickButton } from "./click_button";

/**
 * Who to talk to about a debtor: by role, with what reaches them and whether it has been verified.
 */
export class DebtorContacts extends Component {
    static template = "credit_collection.DebtorContacts";
    static props = { ...standardFieldProps };

    get page() {
        return this.props.record.data[this.props.name] || {};
    }

    getPhoneLink(contact) {
        return `tel:${contact.phone.replace(/[^\d+*#]/g, "")}`;
    }

    getMailLink(contact) {
        return `mailto:${encodeURIComponent(contact.email)}`;
    }

    call(method, contact) {
        return clickButton(this, method, contact ? { contact_id: contact.id } : {});
    }
}

registry.category("fields").add("collection_debtor_contacts", {
    component: DebtorContacts,
    supportedTypes: ["json"],
});
