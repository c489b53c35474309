// The command lines and the scripts of a tournament that is handed to Slurm.

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>

#include "runner/cluster/program_run.hpp"
#include "runner/cluster/sbatch_line.hpp"
#include "runner/cluster/scripts.hpp"
#include "tests/support/scratch_folder.hpp"

namespace joust {
namespace {

namespace fs = std::filesystem;

cluster::Submission first() {
  cluster::Submission submission;
  submission.name = "first";
  submission.shards = 8;
  return submission;
}

bool has(const std::vector<std::string>& line, const std::string& word) {
  return std::find(line.begin(), line.end(), word) != line.end();
}

TEST_CASE("times are understood as Slurm writes them") {
  CHECK(cluster::slurm_seconds("90") == 90 * 60);
  CHECK(cluster::slurm_seconds("90:30") == 90 * 60 + 30);
  CHECK(cluster::slurm_seconds("1:30:05") == 5405);
  CHECK(cluster::slurm_seconds("2-12") == 60 * 3600);
  CHECK(cluster::slurm_seconds("2-12:30") == 60 * 3600 + 1800);
  CHECK(cluster::slurm_seconds("2-12:30:01") == 60 * 3600 + 1801);
  for (const char* text : {"", "soon", "1:2:3:4", "-1", "1:", ":1", "UNLIMITED", "1-", "1.5"}) {
    CAPTURE(text);
    CHECK_FALSE(cluster::slurm_seconds(text));
  }
}

TEST_CASE("a shard is told to stop a tenth of its time before the limit, within bounds") {
  cluster::SlurmOptions options;
  CHECK(cluster::seconds_to_stop(options) == 120);
  options.time = "1:00:00";
  CHECK(cluster::seconds_to_stop(options) == 360);
  options.time = "1";
  CHECK(cluster::seconds_to_stop(options) == 10);
  options.time = "7-0";
  CHECK(cluster::seconds_to_stop(options) == 600);
  options.time = "soon";
  CHECK(cluster::seconds_to_stop(options) == 120);
}

TEST_CASE("a list of shards is as short as sbatch understands it") {
  CHECK(cluster::shard_list({1, 2, 3, 4, 7, 9, 10}) == "1-4,7,9-10");
  CHECK(cluster::shard_list({5}) == "5");
  CHECK(cluster::shard_list({}).empty());
}

TEST_CASE("the array is held, requeued, warned before its limit, and as large as was asked") {
  const auto line = cluster::array_line(first(), "/data/runs/first", "1-8");
  CHECK(line.front() == "sbatch");
  CHECK(line.back() == "/data/runs/first/shard.sh");
  for (const char* word : {"--parsable", "--job-name=joust-first", "--chdir=/data/runs/first",
                           "--requeue", "--open-mode=append", "--array=1-8", "--hold",
                           "--signal=B:USR1@120", "--output=logs/shard-%4a.log"}) {
    CAPTURE(word);
    CHECK(has(line, word));
  }
}

TEST_CASE("what the user asks of Slurm is handed on, each as one word, the user's own last") {
  cluster::Submission submission = first();
  submission.options = {"long queue", "2:00:00",        "8G", "4", "physics", "avx2&ib",
                        "high",       {"--gres=gpu:1"}, 3};
  const auto line = cluster::array_line(submission, "/d", "1-8");
  for (const char* word : {"--partition=long queue", "--time=2:00:00", "--mem=8G",
                           "--cpus-per-task=4", "--account=physics", "--constraint=avx2&ib",
                           "--qos=high", "--array=1-8%3", "--signal=B:USR1@600"}) {
    CAPTURE(word);
    CHECK(has(line, word));
  }
  CHECK(line[line.size() - 2] == "--gres=gpu:1");
}

TEST_CASE("merging waits for the end of every element, whatever that was, and is no array") {
  const auto line = cluster::merge_line(first(), "/d", "71");
  CHECK(has(line, "--dependency=afterany:71"));
  CHECK(line.back() == "/d/merge.sh");
  const auto alone = cluster::merge_line(first(), "/d", "");
  for (const std::string& word : alone) {
    CAPTURE(word);
    CHECK_FALSE(word.starts_with("--dependency"));
    CHECK_FALSE(word.starts_with("--array"));
  }
  CHECK(has(alone, "--hold"));  // until the notes of an earlier one are out of the way
  CHECK_FALSE(has(line, "--hold"));
}

// Runs the first lines of a script, which set its variables, and prints these.
std::string variables_of(const std::string& script) {
  const std::string head = script.substr(0, script.find("\n\ncd "));
  const auto end = cluster::run_program(
      {"bash", "-c", head + "\nprintf '%s\\n' \"$joust\" \"$folder\""}, std::chrono::seconds(20));
  CHECK(end.err.empty());
  return end.out;
}

TEST_CASE("names with anything in them stay what they are in the scripts") {
  const std::string nasty = "/a b/it's $(touch x) `id` \"q\" \\ ; %a #";
  cluster::ScriptFacts facts{"two\nlines; rm -rf x", nasty + "/joust", nasty, 8, 120};
  for (const std::string& script : {cluster::shard_script(facts), cluster::merge_script(facts)}) {
    CAPTURE(script);
    CHECK(variables_of(script) == fmt::format("{0}/joust\n{0}\n", nasty));
    CHECK(script.find("\nlines") == std::string::npos);
  }
}

TEST_CASE("bash finds nothing wrong in the scripts") {
  const test::ScratchFolder folder;
  const cluster::ScriptFacts facts{"first", "/usr/bin/joust", "/data", 8, 120};
  for (const std::string& script : {cluster::shard_script(facts), cluster::merge_script(facts)}) {
    test::write_text(folder.path() / "script", script);
    const auto end =
        cluster::run_program({"bash", "-n", folder.path() / "script"}, std::chrono::seconds(20));
    CHECK(end.code == 0);
    CHECK(end.err.empty());
  }
}

TEST_CASE("a program's output, its exit code and its end by a signal are told") {
  const auto spoke = cluster::run_program({"sh", "-c", "echo out; echo err >&2; exit 3"},
                                          std::chrono::seconds(20));
  CHECK(spoke.code == 3);
  CHECK(spoke.out == "out\n");
  CHECK(spoke.err == "err\n");
  CHECK(cluster::run_program({"sh", "-c", "kill -TERM $$"}, std::chrono::seconds(20)).code == 143);
  const auto large =
      cluster::run_program({"head", "-c", "3000000", "/dev/zero"}, std::chrono::seconds(20));
  CHECK(large.out.size() == 3000000);
  CHECK_THROWS_AS(cluster::run_program({"no-such-program-here"}, std::chrono::seconds(20)),
                  cluster::ClusterError);
}

TEST_CASE("a program that does not end in time is killed with what it started") {
  const auto late = cluster::run_program({"sh", "-c", "echo begun; sleep 1000 & wait"},
                                         std::chrono::milliseconds(300));
  CHECK(late.late);
  CHECK(late.code == 137);
  CHECK(late.out == "begun\n");
}

}  // namespace
}  // namespace joust
