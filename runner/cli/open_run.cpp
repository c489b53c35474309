#include "runner/cli/open_run.hpp"

#include <fmt/format.h>

#include "common/plan.hpp"

namespace joust::cli {

journal::RunIdentity identity_of(const spec::LoadedSpec& spec, const spec::Overrides& overrides) {
  journal::RunIdentity identity;
  identity.name = spec.tournament.name;
  identity.spec_text = spec.text;
  identity.inputs = spec.inputs;
  if (overrides.name) identity.overrides["name"] = *overrides.name;
  if (overrides.seed) identity.overrides["seed"] = *overrides.seed;
  identity.deciding = spec.deciding();
  identity.worlds = Plan(spec.tournament.shape).worlds();
  return identity;
}

spec::LoadedSpec load_recorded_spec(const std::filesystem::path& dir, const WorldRegistry& worlds,
                                    const std::optional<std::string>& workers) {
  const journal::RunIdentity identity = journal::read_identity(dir);
  spec::Overrides overrides;
  const auto recorded = [&identity](const char* key) -> std::optional<std::string> {
    const auto found = identity.overrides.find(key);
    if (found == identity.overrides.end()) return std::nullopt;
    return found->second;
  };
  overrides.name = recorded("name");
  overrides.seed = recorded("seed");
  overrides.workers = workers;
  spec::LoadedSpec spec = spec::load(dir / "spec.toml", worlds, overrides, dir / "inputs");
  const auto differences = journal::differences(identity.deciding, spec.deciding());
  if (differences.empty()) return spec;
  std::string text = fmt::format(
      "{}: the spec no longer says what this run was begun with, and results of two specs must not "
      "be mixed:\n",
      (dir / "spec.toml").string());
  for (const std::string& line : differences) text += fmt::format("  {}\n", line);
  throw spec::SpecError(text + "Undo the change, or start a new run with --out.");
}

}  // namespace joust::cli
