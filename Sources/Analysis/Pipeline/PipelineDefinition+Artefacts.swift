import Imaging

extension PipelineDefinition {
    /// Under the key `artefacts` of `pipeline.yaml`: a list of kinds, or `off`, which is the default. Nil where it has
    /// problems, which the mapping then knows.
    static func artefacts(_ root: StrictMapping) -> Set<Artefact>? {
        guard root.has("artefacts") else { return [] }
        if root.holdsText("artefacts") {
            guard let text = root.string("artefacts") else { return nil }
            if text != "off" { root.report("artefacts", "is `\(text)`; it must be a list, or off") }
            return text == "off" ? [] : nil
        }
        guard let names = root.strings("artefacts") else { return nil }
        let kinds = names.compactMap(Artefact.init)
        guard kinds.count == names.count else {
            let known = Artefact.allCases.map(\.rawValue).joined(separator: ", ")
            root.report("artefacts", "must be of: \(known)")
            return nil
        }
        return Set(kinds)
    }
}
