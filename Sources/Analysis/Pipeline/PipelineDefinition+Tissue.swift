import Imaging

extension PipelineDefinition {
    /// How glass is told from tissue.
    public enum Tissue: Sendable, Hashable {
        /// Otsu's threshold on the saturation of a low level; never below this one, of 255.
        case otsu(minimumSaturation: Int)
        /// The whole scan is analysed.
        case off
    }
}

extension PipelineDefinition.Tissue {
    private enum Method: String, CaseIterable { case otsu, off }

    /// Under the key `tissue` of `pipeline.yaml`: the method alone, or a mapping. Nil where it has problems, which the mapping
    /// then knows.
    static func read(_ root: StrictMapping) -> PipelineDefinition.Tissue? {
        let standard = TissueMask.Options().minimumSaturation
        guard root.holdsMapping("tissue"), let mapping = root.mapping("tissue") else {
            let method: Method? = root.word("tissue", default: .otsu)
            return method.map { $0 == .otsu ? .otsu(minimumSaturation: standard) : .off }
        }
        let method: Method? = mapping.word("method", default: .otsu)
        let minimum = mapping.integer("minimum-saturation", in: 1...254, default: standard)
        if method == .off, mapping.has("minimum-saturation") {
            mapping.report("minimum-saturation", "is for the method otsu")
        }
        mapping.finish()
        guard let method, let minimum else { return nil }
        return method == .otsu ? .otsu(minimumSaturation: minimum) : .off
    }
}
