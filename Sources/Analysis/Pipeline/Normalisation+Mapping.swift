import Imaging

extension NormalisationStep {
    /// Reads `{method: NAME, PARAMETER: numbers, ...}`; reports what is wrong with it.
    init?(_ mapping: StrictMapping) {
        guard let method = mapping.string("method") else { return nil }
        var parameters: [String: [Double]] = [:]
        for key in mapping.freeKeys { parameters[key] = mapping.doubles(key) }
        do {
            try self.init(name: method, parameters: parameters)
        } catch {
            mapping.report("method", "cannot be used: \(error)")
            return nil
        }
    }

    /// Likewise, of a step from colour to colour.
    init?(colour mapping: StrictMapping) {
        self.init(mapping)
        guard isColour else {
            mapping.report("method", "must be one that changes colours: reinhard, macenko or clahe")
            return nil
        }
    }
}

extension Normalisation {
    /// Reads the one step that a model's card names; reports what is wrong with it.
    init?(oneStep mapping: StrictMapping) {
        guard let step = NormalisationStep(mapping) else { return nil }
        do {
            try self.init([step])
        } catch {
            mapping.report("method", "cannot be used: \(error)")
            return nil
        }
    }
}
