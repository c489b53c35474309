#pragma once
// A shared library that a spec names, for its world or for a competitor. Its code runs in other
// processes only (common/plugin_examiner.hpp).

#include <filesystem>
#include <string>

#include "common/world_registry.hpp"
#include "runner/spec/section.hpp"

namespace joust::spec {

struct PluginFile {
  std::string library;      // absolute
  std::string description;  // what PluginExaminer::describe() gave
  std::string record;       // of its content (runner/spec/file_record.hpp)
};

// Throws PluginError.
PluginFile find_plugin(const std::filesystem::path& library, PluginExaminer::Kind kind,
                       const WorldRegistry& worlds, const PluginExaminer::Allowance& allowance);

// That of a recorded run, which need not be there any more: from the two files of these names.
// Throws PluginError when there is no such record.
PluginFile recorded_plugin(const std::filesystem::path& inputs, const std::string& description,
                           const std::string& record);

// Throws PluginError.
const PluginExaminer& examiner_in(const WorldRegistry& worlds);

// What the process that looks at a library is given, as [workers] says.
PluginExaminer::Allowance allowance_of(const Parameters& workers);

// The value of `plugin`. Throws SpecError when it can be no path. REQUIRES: the section has it, as
// a text.
std::string plugin_in(const Section& section);

// Throws SpecError: "[section] plugin 'path' TEXT", at the key.
[[noreturn]] void fail_plugin(const Section& section, const std::string& text);

}  // namespace joust::spec
