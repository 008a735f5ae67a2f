import { registry } from "@web/core/registry";
import { GraphRenderer } from "@web/views/graph/graph_renderer";
import { graphView } from "@web/views/graph/graph_view";

/**
 * Scores over time between 0 and 100: a fall of two points must not look like the end of the world.
 */
export class ScoreGraphRenderer extends GraphRenderer {
    getScaleOptions() {
        const scales = super.getScaleOptions();
        if (scales.y && this.model.metaData.measure === "score") {
            Object.assign(scales.y, { min: 0, max: 100 });
            scales.y.ticks.callback = (value) => value;
        }
        return scales;
    }
}

registry.category("views").add("collection_score_graph", { ...graphView, Renderer: ScoreGraphRenderer });
