import { user } from "@web/core/user";
import { registry } from "@web/core/registry";
import { PercentageField, percentageField } from "@web/views/fields/percentage/percentage_field";

/**
 * A share of one as whole percents, as the user's language writes them: "38 %" in French, "38%" in English.
 *
 * The platform's percentages have two decimals more than a probability can bear, four in the rows of groups.
 */
export function formatShare(value) {
    return new Intl.NumberFormat(user.lang || "en-US", { style: "percent", maximumFractionDigits: 0 }).format(value || 0);
}
formatShare.extractOptions = () => ({});

export class ShareField extends PercentageField {
    get formattedValue() {
        return formatShare(this.props.record.data[this.props.name]);
    }
}

registry.category("fields").add("collection_share", { ...percentageField, component: ShareField });
registry.category("formatters").add("collection_share", formatShare);
