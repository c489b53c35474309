// Tournaments that are handed to Slurm, with programs in PATH that stand for Slurm's: what joust
// asks of them, and what it does when they refuse. (tests/slurm/ has the real ones.)

#include <doctest/doctest.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include <algorithm>

#include "common/unique_fd.hpp"
#include "runner/machine/file_system.hpp"
#include "tests/support/network_fs.hpp"
#include "tests/support/process_joust.hpp"
#include "tests/support/process_spec.hpp"

namespace joust::test {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

// Writes down how it was called, one word a line, and says what the test wants.
constexpr const char* kStandIn = R"bash(#!/bin/bash
here=$(dirname "$0")
name=$(basename "$0")
{ printf '%s\n' "$name" "$@"; echo; } >> "$here/calls"
if [ -e "$here/$name.hangs" ]; then exec sleep 1000; fi
if [ -e "$here/$name.fails" ]; then cat "$here/$name.fails" >&2; exit 1; fi
if [ "$name" = sbatch ]; then
  number=$(($(cat "$here/number" 2> /dev/null || echo 70) + 1))
  echo "$number" > "$here/number"
  case " $* " in *" --dependency"*) if [ -e "$here/merge.fails" ]; then cat "$here/merge.fails" >&2; exit 1; fi ;; esac
  echo "$number"
elif [ "$name $1" = "scontrol show" ]; then
  echo "MaxArraySize            = 1001"
elif [ "$name" = squeue ]; then
  cat "$here/queue" 2> /dev/null
fi
exit 0
)bash";

struct Site {
  ScratchFolder folder;
  fs::path bin = folder.path() / "bin";
  fs::path dir = folder.path() / "runs" / "t";
  fs::path spec = write_spec(folder.path(), busy_worlds(10, "1ms"));  // twenty worlds
  JoustOptions options;

  Site() {
    for (const char* name : {"sbatch", "squeue", "scancel", "scontrol"}) {
      write_text(bin / name, kStandIn);
      ::chmod((bin / name).c_str(), 0755);
    }
    options.folder = folder.path();
    options.environment["PATH"] = bin.string() + ":/usr/bin:/bin";
  }
  Finished submit(std::vector<std::string> more = {"--shards", "4"}) const {
    std::vector<std::string> all = {"submit", "slurm", spec.string()};
    all.insert(all.end(), more.begin(), more.end());
    return joust(all, options);
  }
  Finished run(const std::string& command, std::vector<std::string> more = {}) const {
    more.insert(more.begin(), {command, dir.string()});
    return joust(more, options);
  }
  // What was asked of Slurm's programs, each call as a line of words.
  std::vector<std::string> calls() const {
    std::vector<std::string> all;
    if (!fs::exists(bin / "calls")) return all;
    std::string call;
    for (const char c : read_text(bin / "calls")) {
      call += c == '\n' ? ' ' : c;
      if (!call.ends_with("  ") && call != " ") continue;
      all.push_back(call.substr(0, call.size() - 2));
      call.clear();
    }
    return all;
  }
  std::uint64_t count_calls(const std::string& beginning) const {
    const auto all = calls();
    return static_cast<std::uint64_t>(
        std::count_if(all.begin(), all.end(),
                      [&](const std::string& call) { return call.starts_with(beginning); }));
  }
  void put(const std::string& name, const std::string& text) const { write_text(bin / name, text); }
  void note(int shard, const std::string& text) const {
    write_text(dir / "state" / fmt::format("{:04}", shard), text + " node=n1 idle=0\n");
  }
  Json submission() const { return Json::parse(read_text(dir / "submission.json")); }
};

TEST_CASE("a submission lies on the file system that the nodes share") {
  Site site;
  const fs::path shared = site.folder.path() / "runs";
  fs::create_directory(shared);
  site.options.environment.merge(network_environment(shared, site.bin));
  const Finished submitted = site.submit();
  CAPTURE(submitted.err);
  REQUIRE(submitted.code == 0);
  CHECK(submitted.err.empty());
  CHECK(site.submission()["shards"] == 4);
  CHECK(site.submit().code == 2);  // it is there already
  CHECK(site.run("status").code == 0);
  const std::string first = (shared / "shard").string();
  const Finished played =
      joust({"run", (site.dir / "tournament").string(), "--shard", "1/4", "--out", first, "-q"},
            site.options);
  CAPTURE(played.err);
  CHECK(played.code == 0);
  CHECK_FALSE(fs::exists(site.dir / "tournament" / "run.db-wal"));
}

TEST_CASE(
    "a submission freezes the spec, submits an array and its merging, and tells how to go on") {
  const Site site;
  const Finished submitted =
      site.submit({"--shards", "4", "--time", "1:00:00", "--mem", "2G", "--max-running", "2",
                   "--sbatch=--gres=gpu:1", "--seed", "9"});
  CAPTURE(submitted.err);
  REQUIRE(submitted.code == 0);
  CHECK(has(submitted.out, "array job 71 (shards 1-4), then merge job 72"));
  CHECK(has(submitted.out, "status " + site.dir.string()));
  CHECK(has(submitted.err, "every node that plays a shard has to see it") !=
        machine::look_at_file_system(site.dir).is_network);
  const auto calls = site.calls();
  REQUIRE(calls.size() == 4);
  CHECK(calls[0] == "scontrol show config");
  CHECK(calls[1] == fmt::format("sbatch --parsable --job-name=joust-t --chdir={0} --requeue "
                                "--open-mode=append --nodes=1 --ntasks=1 --array=1-4%2 --hold "
                                "--signal=B:USR1@360 --output=logs/shard-%4a.log --time=1:00:00 "
                                "--mem=2G --gres=gpu:1 {0}/shard.sh",
                                site.dir.string()));
  CHECK(has(calls[2], "--dependency=afterany:71"));
  CHECK(has(calls[2], site.dir.string() + "/merge.sh"));
  CHECK(calls[3] == "scontrol release 71");
  const Json json = site.submission();
  CHECK(json["worlds"] == 20);
  CHECK(json["submitted"][0]["array_job"] == "71");
  CHECK(json["submitted"][0]["merge_job"] == "72");
  CHECK(read_text(site.dir / "tournament" / "spec.toml") == read_text(site.spec));
  const Finished again = site.submit();
  CHECK(again.code == 2);
  CHECK(has(again.err, "exists already"));
  CHECK(site.count_calls("sbatch") == 2);
}

TEST_CASE("a dry run shows the scripts and the commands, asks sbatch nothing and writes nothing") {
  const Site site;
  const Finished shown = site.submit({"--shards", "4", "--dry-run", "--out", "it's here"});
  CAPTURE(shown.out);
  CHECK(shown.code == 0);
  CHECK(has(shown.out, "--array=1-4"));
  CHECK(has(shown.out, "run tournament --shard"));
  CHECK(has(shown.out, "merge \"${runs[@]}\" --out result"));
  CHECK(has(shown.out, "it'\\''s here"));
  CHECK(site.count_calls("sbatch") == 0);
  CHECK_FALSE(fs::exists(site.folder.path() / "it's here"));
  CHECK_FALSE(fs::exists(site.dir.parent_path()));
}

TEST_CASE("what cannot be submitted is one clear error, and leaves neither folder nor job") {
  const Site site;
  const auto refused = [&site](const std::vector<std::string>& options, const std::string& words) {
    const Finished done = site.submit(options);
    CAPTURE(done.err);
    CAPTURE(words);
    CHECK(done.code == 2);
    CHECK(has(done.err, words));
    CHECK_FALSE(fs::exists(site.dir));
    CHECK((!fs::exists(site.dir.parent_path()) || fs::is_empty(site.dir.parent_path())));
  };
  refused({"--shards", "0"}, "--shards");
  refused({"--shards", "21"}, "has 20 worlds");
  refused({"--shards", "4", "--max-running", "0"}, "--max-running");
  refused({"--shards", "4", "--sbatch", "gres=gpu:1"}, "'gres=gpu:1'");
  refused({"--shards", "4", "--seed", "soon"}, "seed");
  refused({}, "--shards");
  CHECK(site.count_calls("sbatch") == 0);

  site.put("sbatch.fails", "sbatch: error: Invalid --time specification\n");
  refused({"--shards", "4", "--time", "soon"}, "sbatch: error: Invalid --time specification");
  fs::remove(site.bin / "sbatch.fails");
  site.put("merge.fails", "sbatch: error: AssocMaxSubmitJobLimit\n");
  refused({"--shards", "4"}, "AssocMaxSubmitJobLimit");
  CHECK(site.calls().back() == "scancel --quiet 71");  // the array without its merging
  fs::remove(site.bin / "merge.fails");
  site.put("scontrol.fails", "Requested partition configuration not available\n");
  refused({"--shards", "4"}, "Requested partition configuration not available");
  CHECK(site.count_calls("scancel") == 3);
}

TEST_CASE("an option without its value takes no other option for it") {
  const Site site;
  const auto refused = [&site](const std::vector<std::string>& options, const std::string& words) {
    const Finished done = site.submit(options);
    CAPTURE(done.err);
    CHECK(done.code == 2);
    CHECK(has(done.err, words));
  };
  refused({"--shards", "3", "--mem=", "--dry-run"}, "--mem=: the value is empty");
  refused({"--shards", "3", "--mem", "--dry-run"},
          "--mem: '--dry-run' is an option, not its value");
  CHECK(site.calls().empty());
}

TEST_CASE("a folder that was removed under joust is one clear error") {
  const Site site;
  const fs::path gone = site.folder.path() / "gone";
  fs::create_directory(gone);
  const std::string enter = fmt::format("cd {0}; rmdir {0}; exec ", gone.string());
  JoustOptions options = site.options;
  options.program = "/bin/bash";
  const Finished done = joust({"-c", enter + fmt::format("{}/joust submit slurm {} --shards 2",
                                                         JOUST_BIN_DIR, site.spec.string())},
                              options);
  CAPTURE(done.err);
  CHECK(done.code == 2);
  CHECK(has(done.err, "the current folder cannot be told"));
  CHECK(std::count(done.err.begin(), done.err.end(), '\n') == 1);
}

TEST_CASE("the commands that are printed are as a shell needs them") {
  const Site site;
  const std::string dir = (site.folder.path() / "a b").string();
  const std::string quoted = "'" + dir + "'";
  const std::vector<std::string> submit = {"--shards", "2", "--out", dir};
  REQUIRE(site.submit(submit).code == 0);
  CHECK(has(site.submit(submit).err, "joust status " + quoted));
  CHECK(has(joust({"report", dir}, site.options).err, "joust merge " + quoted + "/shards/*"));
  CHECK(has(joust({"export", dir}, site.options).err, "joust status " + quoted));
  site.put("queue", "71|2|RUNNING|n1|None\n");
  CHECK(has(joust({"resume", dir}, site.options).err, "joust cancel " + quoted));
  {
    const UniqueFd held(::open(dir.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    REQUIRE(::flock(held.get(), LOCK_EX | LOCK_NB) == 0);
    CHECK(has(joust({"cancel", dir}, site.options).err, "joust status " + quoted));
  }
  write_text(fs::path(dir) / "submission.json", "{");
  CHECK(has(joust({"status", dir}, site.options).err, "joust merge " + quoted + "/shards/*"));
}

TEST_CASE("an array that is too large for the cluster, and a machine without Slurm, are told so") {
  Site site;
  write_spec(site.folder.path(), busy_worlds(1000, "1ms"));
  const Finished large = site.submit({"--shards", "1001"});
  CAPTURE(large.err);
  CHECK(large.code == 2);
  CHECK(has(large.err, "arrays of 1000 at most (MaxArraySize"));
  CHECK(site.submit({"--shards", "1000", "--dry-run"}).code == 0);

  fs::remove_all(site.bin);
  site.options.environment["PATH"] = site.bin.string();
  const Finished missing = site.submit();
  CAPTURE(missing.err);
  CHECK(missing.code == 2);
  CHECK(has(missing.err, "sbatch is not in PATH"));
  CHECK_FALSE(fs::exists(site.dir));
  CHECK(site.submit({"--shards", "4", "--dry-run"}).code == 0);
}

TEST_CASE("of two submissions to one folder at once, one is submitted") {
  const Site site;
  const std::vector<std::string> words = {"submit", "slurm", site.spec.string(), "--shards", "4"};
  std::vector<std::unique_ptr<JoustProcess>> racers;
  racers.reserve(4);
  for (int i = 0; i < 4; ++i) racers.push_back(std::make_unique<JoustProcess>(words, site.options));
  std::vector<int> codes;
  codes.reserve(racers.size());
  for (const auto& racer : racers) codes.push_back(racer->wait());
  CHECK(std::count(codes.begin(), codes.end(), 0) == 1);
  CHECK(std::count(codes.begin(), codes.end(), 2) == 3);
  CHECK(site.count_calls("sbatch") == 2);
  CHECK(site.submission()["submitted"].size() == 1);
}

TEST_CASE("a disk that is full when the folder is made leaves nothing, and no job") {
  const Site site;
  JoustOptions options = site.options;
  options.most_file_bytes = 4096;
  const Finished done = joust({"submit", "slurm", site.spec.string(), "--shards", "4"}, options);
  CAPTURE(done.err);
  CHECK(done.code != 0);
  CHECK(done.code != 1);
  CHECK_FALSE(fs::exists(site.dir));
  CHECK(fs::is_empty(site.dir.parent_path()));
  CHECK(site.count_calls("sbatch") == 0);
}

TEST_CASE("the status of a submission joins the queue, the notes of the scripts and the shards") {
  const Site site;
  REQUIRE(site.submit().code == 0);
  site.put("queue", "71|1|RUNNING|n1|None\n71|2|PENDING||Priority\n72|N/A|PENDING||Dependency\n");
  site.note(1, "playing");
  site.note(3, "ended exit=0");
  site.note(4, "ended exit=4");
  const Finished status = site.run("status");
  CAPTURE(status.out);
  CHECK(status.code == 0);
  CHECK(has(status.out, "4: 1 waiting, 1 running, 1 finished, 1 failed"));
  CHECK(has(status.out, "shard 4 on n1: joust ended with exit code 4"));
  CHECK(has(status.out, "waits for the shards"));
  const Json json = Json::parse(site.run("status", {"--json"}).out);
  CHECK(json["shards"][0]["node"] == "n1");
  CHECK(json["worlds"]["total"] == 20);

  // where Slurm keeps accounts, they tell of the one that is gone and has said nothing
  site.put("queue", "71|1|RUNNING|n1|None\n");
  CHECK(has(site.run("status").out, "shard 2: left Slurm's queue without having begun"));
  site.put("sacct", "#!/bin/sh\necho '71_2|CANCELLED by 0'\n");
  ::chmod((site.bin / "sacct").c_str(), 0755);
  CHECK(has(site.run("status").out, "shard 2: Slurm says CANCELLED"));

  site.put("squeue.fails", "slurm_load_jobs error: Unable to contact slurm controller\n");
  const Finished blind = site.run("status");
  CHECK(blind.code == 0);
  CHECK(has(blind.out, "Unable to contact slurm controller"));
  CHECK(has(blind.out, "1 failed"));
  const Finished refused = site.run("resume");
  CHECK(refused.code == 2);
  CHECK(has(refused.err, "cannot be asked"));
}

TEST_CASE("a watch shows the picture again and again, and ends with the jobs or when asked to") {
  const Site site;
  REQUIRE(site.submit().code == 0);
  site.put("queue", "71|1|RUNNING|n1|None\n");
  JoustProcess asked({"status", site.dir.string(), "--watch"}, site.options);
  REQUIRE(eventually(seconds(20), [&] { return has(asked.out(), "tournament"); }));
  asked.signal(SIGTERM);
  CHECK(asked.wait(seconds(4)) == 0);
  site.put("queue", "");
  CHECK(site.run("status", {"--watch"}).code == 0);
}

TEST_CASE(
    "a cancelled submission is cancelled the merging first, and resumed where it is not done") {
  const Site site;
  REQUIRE(site.submit().code == 0);
  site.put("queue", "71|2|RUNNING|n1|None\n");
  const Finished early = site.run("resume");
  CHECK(early.code == 2);
  CHECK(has(early.err, "job 71 is still in Slurm's queue"));
  const Finished cancelled = site.run("cancel");
  CAPTURE(cancelled.err);
  CHECK(cancelled.code == 0);
  CHECK(has(cancelled.out, "resume " + site.dir.string()));
  const auto calls = site.calls();
  CHECK(calls[calls.size() - 2] == "scancel --quiet 72");
  CHECK(calls.back() == "scancel --quiet 71");
  CHECK(site.submission()["submitted"][0]["cancelled"] == true);

  site.put("queue", "");
  CHECK(has(site.run("cancel").out, "none of its jobs is in Slurm's queue"));
  CHECK(site.count_calls("scancel") == 2);
  site.note(1, "ended exit=0");
  site.note(2, "interrupted");
  site.note(3, "ended exit=3");
  CHECK(has(site.run("status").out, "1 finished, 1 incomplete, 2 stopped"));
  const Finished resumed = site.run("resume");
  CAPTURE(resumed.err);
  CHECK(resumed.code == 0);
  CHECK(has(resumed.out, "array job 73 (shards 2,4), then merge job 74"));
  CHECK(site.submission()["submitted"].size() == 2);
}

TEST_CASE("what Slurm refuses to submit again keeps what is known of how the shards ended") {
  const Site site;
  REQUIRE(site.submit({"--shards", "2"}).code == 0);
  site.note(1, "ended exit=5");
  site.note(2, "stuck");
  write_text(site.dir / "state" / "merge", "ended exit=5 node=n1\n");
  for (const char* program : {"sbatch", "merge", "scontrol"}) {
    CAPTURE(program);
    site.put(std::string(program) + ".fails", "the controller is away\n");
    const Finished refused = site.run("resume");
    CAPTURE(refused.err);
    CHECK(refused.code == 2);
    CHECK(has(refused.err, "the controller is away"));
    fs::remove(site.bin / (std::string(program) + ".fails"));
    const Finished status = site.run("status");
    CAPTURE(status.out);
    CHECK(has(status.out, "1 stuck, 1 failed"));
    CHECK(has(status.out, "failed with exit code 5"));
  }
  CHECK(site.run("resume").code == 0);
  CHECK(has(site.run("status").out, "2 stopped"));
  CHECK(fs::is_empty(site.dir / "state"));
}

TEST_CASE("notes that cannot be forgotten are one clear error, and no job is left") {
  const Site site;
  REQUIRE(site.submit({"--shards", "2"}).code == 0);
  write_text(site.dir / "state" / "0001" / "x", "no note");
  write_text(site.dir / "state" / "earlier-0001", "in the way");
  const Finished refused = site.run("resume");
  CAPTURE(refused.err);
  CHECK(refused.code == 2);
  CHECK(has(refused.err, "state/0001: cannot set it aside"));
  CHECK(site.count_calls("scancel") == 2);
}

TEST_CASE("when all shards are done, resuming merges, and then there is nothing left") {
  const Site site;
  REQUIRE(site.submit({"--shards", "1"}).code == 0);
  site.note(1, "ended exit=0");
  const Finished unmerged = site.run("report");
  CHECK(unmerged.code == 2);
  CHECK(has(unmerged.err, "not merged yet"));
  const Finished merging = site.run("resume");
  CHECK(has(merging.out, "submitted to Slurm: merge job 73"));
  CHECK(site.count_calls("sbatch --parsable --job-name=joust-t ") == 1);  // no array again
  write_text(site.dir / "state" / "merge", "ended exit=3 node=n1\n");
  const Finished over = site.run("resume");
  CHECK(over.code == 3);
  CHECK(has(over.err, "nothing is left to play"));
}

TEST_CASE("cancel and status of what is no submission say so") {
  const Site site;
  for (const char* command : {"cancel", "status"}) {
    const Finished done = joust({command, site.folder.path().string()}, site.options);
    CAPTURE(done.err);
    CHECK(done.code == 2);
    CHECK(has(done.err, site.folder.path().string()));
  }
}

// One element of the array, as Slurm would start it.
struct Element {
  const Site& site;

  explicit Element(const Site& of) : site(of) {}
  JoustOptions options(int number) const {
    JoustOptions all = site.options;
    all.program = "/bin/bash";
    all.environment["SLURM_ARRAY_JOB_ID"] = "71";
    all.environment["SLURM_ARRAY_TASK_ID"] = std::to_string(number);
    all.environment["SLURMD_NODENAME"] = "n7";
    return all;
  }
  std::string script() const { return (site.dir / "shard.sh").string(); }
  Finished run(int number) const { return joust({script()}, options(number)); }
  std::string state(int number) const {
    const fs::path file = site.dir / "state" / fmt::format("{:04}", number);
    return fs::exists(file) ? read_text(file) : "";
  }
};

TEST_CASE("elements play their shards, and merging them gives the tables of one run") {
  const Site site;
  REQUIRE(site.submit({"--shards", "3"}).code == 0);
  const Element element(site);
  for (int number = 1; number <= 3; ++number) {
    const Finished played = element.run(number);
    CAPTURE(played.out);
    CAPTURE(played.err);
    CHECK(played.code == 0);
    CHECK(element.state(number) == "ended exit=0 node=n7 idle=0\n");
  }
  const Finished again = element.run(2);
  CHECK(again.code == 0);
  CHECK(has(again.out, "it has ended already"));
  JoustOptions options = element.options(0);
  const Finished merged = joust({(site.dir / "merge.sh").string()}, options);
  CAPTURE(merged.err);
  CHECK(merged.code == 0);
  const fs::path local = site.folder.path() / "local";
  REQUIRE(joust({"run", site.spec.string(), "--out", local.string()}).code == 0);
  CHECK(tables_of(site.dir / "result") == tables_of(local));
  CHECK(has(site.run("status").out, "done: every world counts"));
  CHECK(has(site.run("report").out, "20 of 20 done"));
  // merged once more, the earlier result is kept
  CHECK(joust({(site.dir / "merge.sh").string()}, options).code == 0);
  CHECK(tables_of(site.dir / "result") == tables_of(local));
  const auto entries = fs::directory_iterator(site.dir);
  CHECK(std::count_if(begin(entries), end(entries), [](const fs::directory_entry& entry) {
          return entry.path().filename().string().starts_with("result");
        }) == 2);
  // and when merging fails, it is not even moved
  write_text(site.dir / "shards" / "0002" / "run.db", "");
  const Finished failed = joust({(site.dir / "merge.sh").string()}, options);
  CAPTURE(failed.err);
  CHECK(failed.code == 2);
  CHECK(has(failed.err, "joust: shards/0002"));
  CHECK(tables_of(site.dir / "result") == tables_of(local));
  CHECK(has(site.run("report").out, "20 of 20 done"));
  CHECK(has(site.run("status").out, "failed with exit code 2"));
  CHECK_FALSE(fs::exists(site.dir / "merging"));
}

TEST_CASE("a merging that lives is not disturbed by a second one, which waits in the queue") {
  const Site site;
  REQUIRE(site.submit({"--shards", "2"}).code == 0);
  const Element element(site);
  REQUIRE(element.run(1).code == 0);
  JoustOptions options = element.options(0);
  options.environment["SLURM_JOB_ID"] = "72";
  const fs::path lock = site.dir / "state" / "merge.lock";
  const UniqueFd held(::open(lock.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666));
  REQUIRE(::flock(held.get(), LOCK_EX | LOCK_NB) == 0);
  const Finished second = joust({(site.dir / "merge.sh").string()}, options);
  CAPTURE(second.out);
  CHECK(second.code == 0);
  CHECK(site.calls().back() == "scontrol requeue 72");
  CHECK_FALSE(fs::exists(site.dir / "result"));
  CHECK_FALSE(fs::exists(site.dir / "state" / "merge"));
}

TEST_CASE("commands that work on a run name the result where they are given a submission") {
  const Site site;
  REQUIRE(site.submit({"--shards", "1"}).code == 0);
  const std::string dir = site.dir.string();
  const std::vector<std::vector<std::string>> commands = {
      {"export", dir},
      {"replay", dir, "0"},
      {"compare", dir, dir},
      {"merge", dir, "--out", (site.folder.path() / "m").string()}};
  for (const auto& words : commands) {
    CAPTURE(words[0]);
    const Finished early = joust(words, site.options);
    CAPTURE(early.err);
    CHECK(early.code == 2);
    CHECK(has(early.err, "its shards are not merged yet"));
  }
  const Element element(site);
  REQUIRE(element.run(1).code == 0);
  REQUIRE(joust({(site.dir / "merge.sh").string()}, element.options(0)).code == 0);
  for (const auto& words : commands) {
    CAPTURE(words[0]);
    const Finished done = joust(words, site.options);
    CAPTURE(done.err);
    CHECK(done.code == 2);
    CHECK(has(done.err, "its result is the run directory " + dir + "/result"));
  }
}

struct LongSite : Site {
  LongSite() { write_spec(folder.path(), busy_worlds(100, "20ms")); }
};

TEST_CASE(
    "near its time limit an element finishes its worlds, asks to be queued again and goes on") {
  const LongSite site;
  REQUIRE(site.submit({"--shards", "2"}).code == 0);
  const Element element(site);
  JoustProcess script({element.script()}, element.options(1));
  const fs::path shard = site.dir / "shards" / "0001";
  REQUIRE(eventually(seconds(20), [&] { return results_in(shard) >= 3; }));
  script.signal(SIGUSR1);
  const int code = script.wait();
  CAPTURE(script.out());
  CAPTURE(script.err());
  CHECK(code == 0);
  CHECK(element.state(1) == "requeued node=n7 idle=0\n");
  CHECK(site.calls().back() == "scontrol requeue 71_1");
  CHECK(element.run(1).code == 0);
  CHECK(element.state(1) == "ended exit=0 node=n7 idle=0\n");
  CHECK(results_in(shard) == 100);
  CHECK(failed_attempts_of(shard).empty());
}

TEST_CASE(
    "a shard whose tournament came to its deadline is not finished, and resumed where it stopped") {
  const Site site;
  SpecText spec = busy_worlds(20, "10ms");
  spec.of_tournament = "deadline = \"1ms\"";
  write_spec(site.folder.path(), spec);
  REQUIRE(site.submit({"--shards", "2"}).code == 0);
  const Element element(site);
  const fs::path shard = site.dir / "shards" / "0001";
  const Finished first = element.run(1);
  CAPTURE(first.out);
  CHECK(first.code == 3);
  CHECK(element.state(1) == "interrupted exit=3 node=n7 idle=0\n");
  CHECK(results_in(shard) < 20);
  site.note(2, "ended exit=0");
  const Finished status = site.run("status");
  CAPTURE(status.out);
  CHECK(has(status.out, "1 finished, 1 stopped"));
  CHECK(has(status.out, "shard 1 on n7: its deadline came before all of its worlds"));
  CHECK(has(status.out, "resume " + site.dir.string()));
  CHECK(has(site.run("resume").out, "(shards 1)"));
  std::string frozen = read_text(shard / "spec.toml");
  write_text(shard / "spec.toml", frozen.replace(frozen.find("1ms"), 3, "none"));
  CHECK(element.run(1).code == 0);
  CHECK(element.state(1) == "ended exit=0 node=n7 idle=0\n");
  CHECK(results_in(shard) == 20);
}

TEST_CASE("a shard whose worlds are over is finished, though some of them do not count") {
  const Site site;
  SpecText spec = busy_worlds(2, "10m");
  spec.of_world = "deadline = \"50ms\"\nattempts = 1";
  write_spec(site.folder.path(), spec);
  REQUIRE(site.submit({"--shards", "2"}).code == 0);
  const Element element(site);
  const Finished played = element.run(1);
  CAPTURE(played.out);
  CAPTURE(played.err);
  CHECK(played.code == 3);
  CHECK(element.state(1) == "ended exit=3 node=n7 idle=0\n");
  CHECK(has(element.run(1).out, "it has ended already"));
  CHECK(has(site.run("status").out, "1 incomplete"));
}

TEST_CASE("an element whose shard another one plays leaves its note alone and waits in the queue") {
  const LongSite site;
  REQUIRE(site.submit({"--shards", "2"}).code == 0);
  const Element element(site);
  JoustProcess first({element.script()}, element.options(1));
  const fs::path shard = site.dir / "shards" / "0001";
  REQUIRE(eventually(seconds(20), [&] { return results_in(shard) >= 3; }));
  const std::string note = element.state(1);
  const Finished second = element.run(1);
  CAPTURE(second.out);
  CHECK(first.runs());
  CHECK(second.code == 0);
  CHECK(has(second.out, "is played by another element"));
  CHECK(site.calls().back() == "scontrol requeue 71_1");
  CHECK(element.state(1) == note);
  CHECK(first.wait() == 0);
  CHECK(element.state(1) == "ended exit=0 node=n7 idle=0\n");
}

TEST_CASE("an element that Slurm stops does not ask to be queued again") {
  const LongSite site;
  REQUIRE(site.submit({"--shards", "2"}).code == 0);
  const Element element(site);
  JoustProcess script({element.script()}, element.options(1));
  const fs::path shard = site.dir / "shards" / "0001";
  REQUIRE(eventually(seconds(20), [&] { return results_in(shard) >= 3; }));
  for (const int process : script.descendants()) ::kill(process, SIGTERM);
  script.signal(SIGTERM);
  CHECK(script.wait() == 143);
  CHECK(element.state(1) == "interrupted node=n7 idle=0\n");
  CHECK(site.count_calls("scontrol requeue") == 0);
  CHECK(failed_attempts_of(shard).empty());
}

TEST_CASE("an element whose worlds are longer than its time limit gives up after three times") {
  const Site site;
  write_spec(site.folder.path(), busy_worlds(2, "10m"));
  REQUIRE(site.submit({"--shards", "2", "--time", "1"}).code == 0);  // ten seconds to stop
  const Element element(site);
  const fs::path shard = site.dir / "shards" / "0001";
  const auto workers_ready = [&] {
    const auto events = events_of(shard);
    return std::count_if(events.begin(), events.end(),
                         [](const Json& event) { return event["event"] == "worker_ready"; });
  };
  const auto reach_limit = [&] {
    const auto before = workers_ready();
    JoustProcess script({element.script()}, element.options(1));
    REQUIRE(eventually(seconds(20), [&] { return workers_ready() > before; }));
    script.signal(SIGUSR1);
    const int code = script.wait();
    CAPTURE(script.out());
    return code;
  };
  CHECK(reach_limit() == 0);
  CHECK(element.state(1) == "requeued node=n7 idle=1\n");
  write_text(site.dir / "state" / "0001", "requeued node=n7 idle=2\n");
  CHECK(reach_limit() == 143);
  CHECK(element.state(1) == "stuck node=n7 idle=3\n");
  CHECK(site.count_calls("scontrol requeue") == 1);
  CHECK(has(site.run("status").out, "no world was finished before its time limit"));
}

TEST_CASE("worlds that an earlier element had finished are no progress of the next one") {
  const LongSite site;
  REQUIRE(site.submit({"--shards", "2"}).code == 0);
  const Element element(site);
  REQUIRE(element.run(1).code == 0);
  const fs::path status = site.dir / "shards" / "0001" / "status.json";
  const std::string newest = read_text(status);
  // as the node's failure left it, and a joust that finishes no world
  std::string older = newest;
  write_text(status, older.replace(older.find("\"done\": 100"), 11, "\"done\": 0"));
  site.note(1, "requeued");
  site.put("newest", newest);
  site.put("joust", fmt::format(R"bash(#!/bin/bash
if [ "$1" = report ]; then exec {0}/joust "$@"; fi
cp {1}/newest {2}
trap 'exit 143' TERM
touch {1}/begun
while :; do sleep 0.02; done
)bash",
                                JOUST_BIN_DIR, site.bin.string(), status.string()));
  ::chmod((site.bin / "joust").c_str(), 0755);
  const std::string script = read_text(site.dir / "shard.sh");
  const std::size_t joust_at = script.find("\njoust=") + 1;
  write_text(site.dir / "shard.sh", script.substr(0, joust_at) +
                                        "joust=" + (site.bin / "joust").string() +
                                        script.substr(script.find("  #", joust_at)));
  JoustProcess process({element.script()}, element.options(1));
  REQUIRE(eventually(seconds(20), [&] { return fs::exists(site.bin / "begun"); }));
  process.signal(SIGUSR1);
  CHECK(process.wait() == 0);
  CAPTURE(process.out());
  CHECK(element.state(1) == "requeued node=n7 idle=1\n");
}

TEST_CASE("an element whose joust fails keeps its exit code and is no longer at work") {
  const Site site;
  REQUIRE(site.submit({"--shards", "2"}).code == 0);
  write_text(site.dir / "tournament" / "spec.toml", "[tournament]\n");
  const Element element(site);
  CHECK(element.run(1).code == 2);
  CHECK(element.state(1) == "ended exit=2 node=n7 idle=0\n");
  CHECK(has(site.run("status").out, "1 failed"));
}

}  // namespace
}  // namespace joust::test
