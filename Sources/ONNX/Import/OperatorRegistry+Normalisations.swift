import NeuralNetworks

extension OperatorRegistry {
    static let normalisations: [Entry] = [
        Entry("BatchNormalization") { reader in
            reader.ignore("momentum", "is_test")
            guard try reader.integer("spatial", default: 1) == 1 else {
                throw FormatProblem(.unsupported, "normalises each pixel (spatial = 0)")
            }
            try reader.limitOutputs(to: 1)
            return BatchNormalization(epsilon: try reader.float("epsilon", default: 1e-5))
        },
        Entry("BatchNormalization", since: 14) { reader in
            let momentum = try reader.float("momentum", default: 0.9)
            let trains = try reader.flag("training_mode", default: false)
            if !trains { try reader.limitOutputs(to: 1) }
            return BatchNormalization(
                epsilon: try reader.float("epsilon", default: 1e-5),
                mode: trains ? .training(momentum: momentum) : .inference)
        },
        Entry("InstanceNormalization") { reader in
            GroupNormalization(.instances, epsilon: try reader.float("epsilon", default: 1e-5))
        },
        Entry("GroupNormalization", since: 21) { reader in
            reader.ignore("stash_type")
            return GroupNormalization(
                .groups(try reader.integer("num_groups")), epsilon: try reader.float("epsilon", default: 1e-5))
        },
        Entry("LayerNormalization", since: 17) { reader in
            reader.ignore("stash_type")
            return LayerNormalization(
                axis: try reader.integer("axis", default: -1), epsilon: try reader.float("epsilon", default: 1e-5))
        },
        Entry("LRN") { reader in
            LocalResponseNormalization(
                size: try reader.integer("size"), alpha: try reader.float("alpha", default: 1e-4),
                beta: try reader.float("beta", default: 0.75), bias: try reader.float("bias", default: 1))
        },
        Entry("Softmax") { reader in
            Softmax(axis: try reader.integer("axis", default: 1), extent: .axisAndFollowing)
        },
        Entry("Softmax", since: 13) { reader in Softmax(axis: try reader.integer("axis", default: -1)) },
        Entry("LogSoftmax") { reader in
            Softmax(.logarithms, axis: try reader.integer("axis", default: 1), extent: .axisAndFollowing)
        },
        Entry("LogSoftmax", since: 13) { reader in
            Softmax(.logarithms, axis: try reader.integer("axis", default: -1))
        },
        Entry("Hardmax") { reader in
            Hardmax(axis: try reader.integer("axis", default: 1), extent: .axisAndFollowing)
        },
        Entry("Hardmax", since: 13) { reader in Hardmax(axis: try reader.integer("axis", default: -1)) },
        Entry("MeanVarianceNormalization", since: 9) { reader in
            MeanVarianceNormalization(axes: try reader.integers("axes") ?? [0, 2, 3])
        },
        Entry("LpNormalization") { reader in
            let order = try reader.integer("p", default: 2)
            guard 1...2 ~= order else { throw FormatProblem(.malformed, "normalises by a norm of order \(order)") }
            return NormNormalization(order == 1 ? .l1 : .l2, axis: try reader.integer("axis", default: -1))
        },
        Entry("Dropout") { reader in
            reader.ignore("ratio", "is_test", "seed")
            return Dropout()
        },
    ]
}
