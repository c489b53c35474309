#include "runner/journal/identity.hpp"

#include <fmt/format.h>

#include <chrono>

#include "common/parse_number.hpp"
#include "runner/journal/journal_file.hpp"
#include "runner/journal/reader.hpp"
#include "runner/journal/schema.hpp"

namespace joust::journal {
namespace {

constexpr const char* kShard = "shard";
constexpr std::string_view kInput = "input.";
constexpr std::string_view kOverride = "override.";
constexpr std::string_view kDeciding = "deciding.";

using Texts = std::map<std::string, std::string>;

void add_all(std::string_view prefix, const Texts& texts, Texts& meta) {
  for (const auto& [key, value] : texts) meta[std::string(prefix) + key] = value;
}

// The entries under `prefix`, without it.
Texts all_under(std::string_view prefix, const Texts& meta) {
  Texts found;
  for (const auto& [key, value] : meta) {
    if (key.starts_with(prefix)) found[key.substr(prefix.size())] = value;
  }
  return found;
}

std::string value_or_none(const Texts& texts, const std::string& key) {
  const auto found = texts.find(key);
  return found == texts.end() ? "(none)" : found->second;
}

RunIdentity identity_in(const Texts& meta, const std::filesystem::path& dir) {
  RunIdentity identity{.name = value_or_none(meta, "name"),
                       .spec_text = value_or_none(meta, "spec"),
                       .inputs = all_under(kInput, meta),
                       .overrides = all_under(kOverride, meta),
                       .deciding = all_under(kDeciding, meta),
                       .worlds = 0,
                       .shard = {}};
  const std::string worlds = value_or_none(meta, "worlds");
  const auto number = parse_number<std::uint64_t>(worlds);
  if (!number) {
    throw JournalError(fmt::format("{}: the number of worlds is recorded as '{}'",
                                   (dir / "run.db").string(), worlds));
  }
  identity.worlds = *number;
  if (const auto shard = meta.find(kShard); shard != meta.end()) {
    const auto known = shard_from(shard->second);
    if (!known) {
      throw JournalError(fmt::format("{}: its shard is recorded as '{}'", (dir / "run.db").string(),
                                     shard->second));
    }
    identity.shard = *known;
  }
  return identity;
}

}  // namespace

void write_identity(const Database& database, const RunIdentity& identity) {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  Texts meta = {
      {"name", identity.name},
      {"worlds", fmt::format("{}", identity.worlds)},
      {"spec", identity.spec_text},
      {"made_at",
       fmt::format("{}", std::chrono::duration_cast<std::chrono::milliseconds>(now).count())},
      {"made_by", "joust " JOUST_VERSION},
  };
  if (!identity.shard.is_whole()) meta[kShard] = shard_text(identity.shard);
  add_all(kInput, identity.inputs, meta);
  add_all(kOverride, identity.overrides, meta);
  add_all(kDeciding, identity.deciding, meta);
  meta[kMetaChecksumKey] = fmt::format("{:016x}", static_cast<std::uint64_t>(meta_checksum(meta)));
  Statement insert(database, "INSERT INTO meta(key, value) VALUES(?1, ?2)");
  for (const auto& [key, value] : meta) {
    insert.bind_text(1, key);
    insert.bind_text(2, value);
    insert.run();
  }
}

RunIdentity read_identity(const Reader& reader, const std::filesystem::path& dir) {
  return identity_in(reader.meta(), dir);
}

RunIdentity read_identity(const std::filesystem::path& dir) {
  const std::filesystem::path file = journal_file(dir);
  const Database database(file, reading_mode(file));
  schema_of(database);
  return identity_in(read_meta(database), dir);
}

Texts read_meta(const Database& database) {
  Texts meta;
  Statement rows(database, "SELECT key, value FROM meta");
  while (rows.step()) meta.emplace(rows.text(0), rows.text(1));
  const std::string recorded = meta[kMetaChecksumKey];
  meta.erase(kMetaChecksumKey);
  if (fmt::format("{:016x}", static_cast<std::uint64_t>(meta_checksum(meta))) != recorded) {
    throw JournalError(
        fmt::format("{}: the identity of the run is damaged: its checksum does not match",
                    database.file().string()));
  }
  return meta;
}

std::vector<std::string> differences(const Texts& recorded, const Texts& now,
                                     std::string_view where_recorded, std::string_view where_now) {
  Texts keys = recorded;
  keys.insert(now.begin(), now.end());
  std::vector<std::string> lines;
  for (const auto& entry : keys) {
    const std::string& key = entry.first;
    if (recorded.contains(key) && now.contains(key) && recorded.at(key) == now.at(key)) continue;
    lines.push_back(fmt::format("{}: {} in {}, {} in {}", key, value_or_none(recorded, key),
                                where_recorded, value_or_none(now, key), where_now));
  }
  return lines;
}

}  // namespace joust::journal
