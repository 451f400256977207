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
                  - { name: grades, kind: classification, card: b.md, tile: 64 }
                normalisation: { method: clahe }
                spacing: { unknown: assume, assumed-um-px: 1 }
                reading: {}
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
        let text = try String(contentsOfFile: Repository.path("Pipelines/README.md"), encoding: .utf8)
        let known = pipeline.knownKeys.union(card.knownKeys)
        #expect(known.count > 40)
        // As `key`, `group.key` or, of the same group, `.key`.
        for key in known where key != "dark" {
            #expect(text.contains("`\(key)`") || text.contains(".\(key)`"), "`\(key)` is not documented")
        }
    }
}
