import { registry } from "@web/core/registry";
import { integerField } from "@web/views/fields/integer/integer_field";

/**
 * A score in a list grouped by class: the rows of groups show no mean.
 *
 * Customers are in a class because of their score, or because a person has set it; of the latter it would mislead.
 */
registry.category("fields").add("collection_score", integerField);
registry.category("formatters").add("collection_score", () => "");
