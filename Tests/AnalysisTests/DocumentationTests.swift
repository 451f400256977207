import Foundation
import TestSupport
import Testing

@testable import Analysis

@Suite struct DocumentationTests {
    /// Both definitions have every mapping that a pipeline or a card can have, so that the readers ask for every key.
    @Test func everyKeyOfAPipelineAndOfACardIsDocumented() throws {
        let pipeline = try StrictMapping(
            yaml: """
                name: all
                stages:
                  - { name: glands, kind: segmentation, card: a.md, tile: 64, overlap: 0 }
                  - { name: grades, kind: classification, card: b.md, tile: 64, scan-grade: top-k }
                  - { name: cells, kind: detection, card: c.md, tile: 64, overlap: 0 }
                  - { name: looks, kind: embedding, card: d.md, tile: 64 }
                normalisation: { method: clahe }
                spacing: { unknown: assume, assumed-um-px: 1 }
                tissue: { method: otsu }
                artefacts: [pen]
                reading: {}
                colour: {}
                thumbnails: off
                quality: { dark: {} }
                """, file: "pipeline.yaml")
        _ = try PipelineDefinition(pipeline)
        let card = try StrictMapping(
            yaml: """
                model: a.onnx
                task: segmentation
                architecture: by hand
                licence: MIT
                input: { name: x, normalisation: { method: scale }, spacing-um-px: { value: 1 } }
                output: { name: y, activation: sigmoid, classes: [a] }
                calibration: { method: temperature, temperature: 2 }
                test: { input: x.npy, output: y.npy, tolerance: { relative: 0, absolute: 0 } }
                """, file: "a.md")
        _ = try ModelCard(card)
        let forms = try [
            "form: centres, sizes: s", "form: boxes, box: xyxy", "form: star-convex, distances: d",
        ].map { form in
            let card = try StrictMapping(
                yaml: """
                    model: a.onnx
                    task: detection
                    architecture: by hand
                    licence: MIT
                    input: { name: x, normalisation: { method: scale } }
                    output: { name: y, \(form), activation: sigmoid, classes: [a] }
                    """, file: "a.md")
            _ = try ModelCard(card)
            return card.knownKeys
        }
        let text = try String(contentsOfFile: Repository.path("Pipelines/README.md"), encoding: .utf8)
        let known = forms.reduce(pipeline.knownKeys.union(card.knownKeys)) { $0.union($1) }
        #expect(known.count > 40)
        // As `key`, `group.key`, `.key` of the group before, or as the group of others.
        for key in known where key != "dark" {
            let forms = ["`\(key)`", ".\(key)`", "`\(key).", ".\(key)."]
            #expect(forms.contains { text.contains($0) }, "`\(key)` is not documented")
        }
    }
}
