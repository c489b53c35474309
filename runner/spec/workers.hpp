#pragma once
// The [workers] section: how many there are, and how the pool treats them.

#include <cstdint>
#include <optional>
#include <string>

#include "runner/spec/section.hpp"

namespace joust::spec {

struct WorkerSettings {
  std::uint32_t count = 1;
  std::uint32_t processors = 1;  // that may be used
  Resolved resolved;             // of all keys, `count` first
};

// Throws SpecError.
WorkerSettings load_workers(const Section& section, const WorkerOverrides& overrides,
                            InputFiles& files);

// The threads that each world may keep busy, at least 1: its worker's share of the processors.
std::uint32_t threads_of_worker(const PoolOptions& pool, std::uint32_t processors);

// What is odd about where workers will run; empty: nothing.
std::string placement_warning(const PoolOptions& pool);

}  // namespace joust::spec
