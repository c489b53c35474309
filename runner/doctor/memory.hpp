#pragma once
// What of memory there is for workers, and what happens when it gets short.

#include <cstdint>
#include <filesystem>

#include "runner/doctor/finding.hpp"
#include "runner/machine/memory.hpp"
#include "runner/machine/processors.hpp"

namespace joust::doctor {

Finding check_processors(const machine::Processors& processors, std::uint32_t workers);

Finding check_memory(const machine::MemoryLook& look, std::uint32_t workers);

// `root` is where /proc is looked for.
Finding check_swap(const std::filesystem::path& root);
Finding check_overcommit(const std::filesystem::path& root);

}  // namespace joust::doctor
