import { loadBundle } from "@web/core/assets";
import { cookie } from "@web/core/browser/cookie";
import { getColor, getCustomColor } from "@web/core/colors/colors";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

import { Component, onWillStart, useEffect, useRef } from "@odoo/owl";

import { formatShare } from "./share_field";

/**
 * What was foretold of past invoices against what came of them: a point a bin, beside the line where both are the same.
 */
export class Calibration extends Component {
    static template = "credit_collection.Calibration";
    static props = { ...standardFieldProps };

    setup() {
        this.canvas = useRef("canvas");
        onWillStart(() => loadBundle("web.chartjs_lib"));
        useEffect(
            () => {
                const chart = this.bins.length ? this.draw() : null;
                return () => chart?.destroy();
            },
            () => [JSON.stringify(this.bins)]
        );
    }

    get page() {
        return this.props.record.data[this.props.name] || {};
    }

    get bins() {
        return this.page.bins || [];
    }

    draw() {
        const scheme = cookie.get("color_scheme");
        const grid = getCustomColor(scheme, "#d8dadd", "#3C3E4B");
        const ink = getCustomColor(scheme, "#111827", "#E4E4E4");
        const axis = (text) => ({
            type: "linear",
            min: 0,
            max: 100,
            title: { display: true, text, color: ink },
            grid: { color: grid },
            ticks: { color: ink, callback: (value) => formatShare(value / 100) },
        });
        const largest = Math.max(...this.bins.map((bin) => bin.number));
        return new Chart(this.canvas.el, {
            type: "scatter",
            data: {
                datasets: [
                    {
                        label: _t("Observed"),
                        data: this.bins.map((bin) => ({ x: bin.foretold, y: bin.observed })),
                        // The more invoices, the larger the point.
                        // Points at 0 and at 100 are drawn whole.
                        clip: false,
                        pointRadius: this.bins.map((bin) => 4 + 8 * Math.sqrt(bin.number / largest)),
                        backgroundColor: getColor(1, scheme, "odoo"),
                        borderColor: getColor(1, scheme, "odoo"),
                    },
                    {
                        label: _t("As foretold"),
                        type: "line",
                        data: [
                            { x: 0, y: 0 },
                            { x: 100, y: 100 },
                        ],
                        pointRadius: 0,
                        borderColor: grid,
                        borderDash: [6, 4],
                        borderWidth: 2,
                    },
                ],
            },
            options: {
                animation: false,
                maintainAspectRatio: false,
                plugins: {
                    legend: { labels: { color: ink } },
                    tooltip: {
                        filter: (item) => item.datasetIndex === 0,
                        callbacks: { label: (item) => this.describe(this.bins[item.dataIndex]) },
                    },
                },
                scales: { x: axis(_t("Foretold to be late")), y: axis(_t("Late")) },
            },
        });
    }

    describe(bin) {
        return _t("Foretold %(foretold)s, observed %(observed)s, of %(number)s invoices", {
            foretold: bin.foretold_text,
            observed: bin.observed_text,
            number: bin.number,
        });
    }
}

registry.category("fields").add("collection_calibration", {
    component: Calibration,
    supportedTypes: ["json"],
});
