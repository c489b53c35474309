#pragma once
// The [workers] section: how many there are, and how the pool treats them.

#include <cstdint>
#include <optional>
#include <string>

#include "runner/spec/section.hpp"

namespace joust::spec {

struct WorkerSettings {
  std::uint32_t count = 1;
  std::uint32_t ramp = 1;  // how many may start at once: one per processor
  Resolved resolved;       // of all keys, `count` first
};

// `override_count` comes from the command line. Throws SpecError.
WorkerSettings load_workers(const Section& section,
                            const std::optional<std::string>& override_count, InputFiles& files);

}  // namespace joust::spec
