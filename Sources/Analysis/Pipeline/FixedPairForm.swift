/// The form that `pipeline.yaml` once had, with one `segmentation` and one `classification`: read only to say how the
/// same is written now.
enum FixedPairForm {
    /// The list of stages that says the same, in YAML on one line; nil for a definition of today's form.
    static func asStages(_ root: StrictMapping) -> String? {
        guard !root.has("stages"), root.has("segmentation") || root.has("classification") else { return nil }
        var stages: [String] = []
        for (key, name) in [("segmentation", "glands"), ("classification", "grades")] {
            guard let settings = root.mapping(key, optional: true) else { continue }
            let within = stages.isEmpty ? "" : ", within: glands"
            let others = settings.scalars.map { ", \($0.key): \($0.value)" }.joined()
            stages.append("{ name: \(name), kind: \(key)\(within)\(others) }")
        }
        return "write `stages: [\(stages.joined(separator: ", "))]`"
    }
}
