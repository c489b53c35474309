#pragma once
// One section of a spec, read against the keys that it may have.

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "runner/spec/document.hpp"
#include "runner/spec/spec.hpp"

namespace joust::spec {

// A key of a section.
struct KeyInfo {
  ParameterInfo value;
  bool required = false;
  bool decides_results = false;
};

// The files that a spec names: found beside the spec, or among the recorded inputs of a run.
struct InputFiles {
  std::filesystem::path folder;
  std::optional<std::filesystem::path> recorded;
  std::map<std::string, std::string> contents;  // file name under inputs/ -> content
};

// Reads a whole file. Throws std::runtime_error with the reason: "no such file".
std::string read_file(const std::filesystem::path& file);

// What reading keys yields.
struct Resolved {
  Parameters values;
  std::vector<ResolvedKey> keys;
};

// Says in the key's entry that its value comes from the command line. REQUIRES: it is there.
void override_key(std::vector<ResolvedKey>& keys, std::string_view name, std::string value,
                  std::string note);

class Section {
 public:
  // `title` is the section's name in messages: "[world]"; `prefix` that of its resolved keys:
  // "world.". `entry` is null when the spec has no such section. The document must outlive the
  // section. Throws SpecError when the entry is no table.
  Section(const Document& document, std::string title, std::string prefix, const Entry* entry);
  // The same for a table that is a list's item.
  Section(const Document& document, std::string title, std::string prefix, const Node& node);

  bool exists() const { return table_ != nullptr; }
  const Table& table() const;
  const Entry* find(std::string_view key) const { return spec::find(table(), key); }
  // Where the key's value stands; where the section stands if the spec does not have the key.
  Position value_at(std::string_view key) const;
  const std::string& title() const { return title_; }

  // The section `key` within this one.
  Section child(std::string_view key, std::string title) const;

  // Throws SpecError for the first entry that is not one of `known`.
  void reject_unknown(const std::vector<std::string>& known) const;

  // Reads one key, or takes its default. Throws SpecError.
  void read(const KeyInfo& key, InputFiles& files, Resolved& into) const;

  // Reads all keys, and rejects unknown ones; `also_known` are left to the caller.
  Resolved read_all(const std::vector<KeyInfo>& keys, InputFiles& files,
                    const std::vector<std::string>& also_known = {}) const;

  // Throws SpecError: "'key' in [section] must be ...; it is ...".
  [[noreturn]] void fail_value(const Entry& entry, const std::string& allowed) const;
  [[noreturn]] void fail(Position at, std::string_view message) const {
    document_.fail(at, message);
  }

 private:
  ParameterValue read_value(const Entry& entry, const ParameterInfo& declared,
                            InputFiles& files) const;
  std::string read_input(const Entry& entry, const ParameterInfo& declared,
                         InputFiles& files) const;

  const Document& document_;
  std::string title_;
  std::string prefix_;
  const Table* table_ = nullptr;
  Position at_;
};

}  // namespace joust::spec
