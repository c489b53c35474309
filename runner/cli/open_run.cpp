#include "runner/cli/open_run.hpp"

#include <fmt/format.h>

#include "common/plan.hpp"
#include "runner/cli/bad_input.hpp"
#include "runner/cluster/submission.hpp"
#include "runner/report/human.hpp"

namespace joust::cli {
namespace {

// What the command line said when the run began.
spec::Overrides recorded_overrides(const journal::RunIdentity& identity) {
  const auto recorded = [&identity](const char* key) -> std::optional<std::string> {
    const auto found = identity.overrides.find(key);
    if (found == identity.overrides.end()) return std::nullopt;
    return found->second;
  };
  spec::Overrides overrides;
  overrides.name = recorded("name");
  overrides.seed = recorded("seed");
  overrides.shard = identity.shard;
  return overrides;
}

spec::LoadedSpec load_spec_of(const journal::RunIdentity& identity,
                              const std::filesystem::path& dir, const WorldRegistry& worlds,
                              const spec::Overrides& overrides) {
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

}  // namespace

void tell_warnings(const spec::LoadedSpec& spec) {
  for (const std::string& warning : spec.warnings) {
    fmt::print(stderr, "joust: warning: {}\n", warning);
  }
}

journal::RunIdentity identity_of(const spec::LoadedSpec& spec, const spec::Overrides& overrides) {
  journal::RunIdentity identity;
  identity.name = spec.tournament.name;
  identity.spec_text = spec.text;
  identity.inputs = spec.inputs;
  if (overrides.name) identity.overrides["name"] = *overrides.name;
  if (overrides.seed) identity.overrides["seed"] = *overrides.seed;
  identity.deciding = spec.deciding();
  identity.worlds = Plan(spec.tournament.shape).worlds();
  identity.shard = spec.tournament.shape.shard;
  return identity;
}

void refuse_submission(const std::filesystem::path& dir) {
  if (!cluster::is_submission(dir)) return;
  const std::filesystem::path result = dir / "result";
  std::error_code error;
  throw journal::JournalError(
      std::filesystem::exists(result, error)
          ? fmt::format("{} was made by 'joust submit'; its result is the run directory {}",
                        dir.string(), result.string())
          : fmt::format("{} was made by 'joust submit', and its shards are not merged yet; how far "
                        "they are: joust status {}",
                        dir.string(), report::shell_word(dir.string())));
}

spec::LoadedSpec load_recorded_spec(const journal::Reader& reader, const std::filesystem::path& dir,
                                    const WorldRegistry& worlds,
                                    const spec::WorkerOverrides& workers) {
  const journal::RunIdentity identity = journal::read_identity(reader, dir);
  spec::Overrides overrides = recorded_overrides(identity);
  overrides.workers = workers;
  return load_spec_of(identity, dir, worlds, overrides);
}

spec::LoadedSpec load_to_play_anew(const journal::Reader& reader, const std::filesystem::path& dir,
                                   const WorldRegistry& worlds, spec::Overrides& overrides) {
  const journal::RunIdentity identity = journal::read_identity(reader, dir);
  const spec::Overrides recorded = recorded_overrides(identity);
  overrides.name = recorded.name;
  overrides.seed = recorded.seed;
  return load_spec_of(identity, dir, worlds, overrides);
}

ViewedRun open_to_view(const std::filesystem::path& dir, const WorldRegistry& worlds) {
  journal::Reader reader(dir, journal::Damage::skip);
  std::optional<journal::RunIdentity> identity;
  try {
    identity = journal::read_identity(reader, dir);
  } catch (const journal::JournalError& error) {  // damaged: then the file must do
    return {spec::load(dir / "spec.toml", worlds, {}, dir / "inputs"), std::move(reader),
            fmt::format("{}; {} is used as it is", error.what(), (dir / "spec.toml").string())};
  }
  try {
    return {load_spec_of(*identity, dir, worlds, recorded_overrides(*identity)), std::move(reader),
            ""};
  } catch (const spec::SpecError& error) {
    return {spec::load_text(dir / "run.db", identity->spec_text, worlds,
                            recorded_overrides(*identity), dir / "inputs"),
            std::move(reader),
            fmt::format("{}\nThe spec that run.db recorded is used.", error.what())};
  }
}

int tell_trouble(const ViewedRun& run) {
  if (!run.trouble.empty()) bad_input(run.trouble);
  const std::vector<std::string>& damage = run.reader.damage();
  if (damage.empty()) return run.trouble.empty() ? kAllCounted : kBadInput;
  fmt::print(stderr, "joust: {}; the report shows what can still be read\n", damage[0]);
  return kJournalError;
}

}  // namespace joust::cli
