#pragma once
// Spec files (TOML): reading, checking, and the resolved values with where each came from.

#include <filesystem>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "common/tournament.hpp"
#include "common/world_registry.hpp"

namespace joust::spec {

// One clear error: "oneshot.toml:12:3: unknown key 'nsteps' in [world.parameters]; did you mean
// 'n_steps'?". The text is complete; print it as it is.
struct SpecError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// One resolved value, for `joust plan` and for the identity of a run.
struct ResolvedKey {
  std::string key;    // "tournament.seed", "world.parameters.n_steps", "competitor.Ann.type"
  std::string value;  // as a spec would write it
  bool is_default = false;
  bool decides_results = false;
  std::string note;  // unit or range, for people; may be empty
};

struct WorkerOverrides {  // from the command line; each goes over a key of [workers]
  std::optional<std::string> count = {};  // a number or "auto"
  std::optional<bool> pin = {};
  std::optional<std::uint32_t> nice = {};  // REQUIRES: a value that the key may have
  std::optional<std::string> ionice = {};  // likewise
};

struct Overrides {  // from the command line
  std::optional<std::string> name;
  std::optional<std::string> seed;
  WorkerOverrides workers;
  Shard shard = {};  // decides which worlds are played, but none of their results
};

struct LoadedSpec {
  Tournament tournament;
  std::string text;                           // the file, verbatim
  std::map<std::string, std::string> inputs;  // file name under inputs/ -> content
  std::vector<ResolvedKey> keys;  // every key there is, in the order of the documentation
  std::vector<std::string> warnings;
  // The keys that decide results, with their values.
  std::map<std::string, std::string> deciding() const;
};

// Reads and checks a spec. Files that it names are read relative to the spec's folder, or, when
// `inputs` is given (a resumed run), from that folder by their parameter's name. Throws SpecError.
LoadedSpec load(const std::filesystem::path& file, const WorldRegistry& worlds,
                const Overrides& overrides,
                const std::optional<std::filesystem::path>& inputs = std::nullopt);

// The same of a text; `file` is its name in messages, and its folder holds the files it names.
LoadedSpec load_text(const std::filesystem::path& file, std::string text,
                     const WorldRegistry& worlds, const Overrides& overrides,
                     const std::optional<std::filesystem::path>& inputs = std::nullopt);

// The paths of files that a run depends on (of its program, its resources) and that are no longer
// what was recorded under `inputs` when it began.
std::vector<std::string> changed_files(const LoadedSpec& spec, const std::filesystem::path& inputs);

}  // namespace joust::spec
