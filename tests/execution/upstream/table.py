"""graphql-core's tests that say nothing about the compiled executor, or on which the two differ, and why."""

STOCK = "left to stock execution"
BEFORE = "refused with the request: api/execution/documents.py, before anything executes"
ITSELF = "a function or class of graphql-core by itself"
API = "an argument of graphql-core's execute() that ours has no place for"

# By patterns, the first that fits; for tests in which ours executes nothing.
NOT_OURS = {
    "incremental/*": f"@defer and @stream: {STOCK}",
    "test_executor_throwing_on_incremental.py::*": f"@defer and @stream: {STOCK}",
    "test_executor.py::describe_base_executor_without_incremental_delivery::*": ITSELF,
    "test_executor.py::*original_execute_with_schemas_including_experimental*": f"@defer and @stream: {STOCK}",
    "test_mutations.py::*defer*": f"@defer and @stream: {STOCK}",
    "test_subscribe.py::*": f"subscriptions: {STOCK}",
    "test_too_deeply_nested_selections.py::*subscribe_returns*": f"subscriptions: {STOCK}",
    "test_too_deeply_nested_selections.py::*create_source_event_stream*": f"subscriptions: {STOCK}",
    "test_map_async_iterable.py::*": ITSELF,
    "test_cancellation.py::describe_abort_controller::*": ITSELF,
    "test_cancellation.py::*": f"abort signals, {API}: a run ends when its task is cancelled",
    "test_aborted_graphql_execution_error.py::*": ITSELF,
    "test_hooks.py::*": f"hooks, {API}",
    "test_middleware.py::*": f"middleware, {API}: a schema with extensions that resolve fields is {STOCK}",
    "test_customize.py::*": f"executor classes, {API}",
    "test_executor.py::*executes_the_root_selection_set_of_a_built_executor": ITSELF,
    "test_executor.py::*uses_a_custom_*_resolver": f"resolvers for all fields or types, {API}",
    "test_executor.py::*memoiz*": ITSELF,
    "test_executor.py::*": BEFORE,
    "test_collect_fields.py::*": ITSELF,
    "test_execution_result.py::*": ITSELF,
    "test_error_propagation.py::*disable_error_propagation*": f"@experimental_disableErrorPropagation: {STOCK}",
    "test_oneof.py::*": BEFORE,
    "test_sync.py::*async_iterable_execution*": f"@stream: {STOCK}",
    "test_sync.py::*": BEFORE,
    "test_variables.py::*fragment_arguments*": f"arguments of fragments: {STOCK}",
    "test_variables.py::*fragment_variables*": f"arguments of fragments: {STOCK}",
    "test_variables.py::*": BEFORE,
}

ORDER = "errors come in the order of the response, not in that of time; they are the same"
ONE = "of several errors below one null the first in the order of the response is told"
ON = "what a null has made vain runs to its end: nothing of it is cancelled, and nobody hears of it"
READ = "a list is read before its items are completed, and one whose iterator raised is not read on"
SYNC = "execution is always asynchronous"
DEEP = f"a document nested too deeply is {BEFORE.removeprefix('refused with the request: ')}"

# By patterns; for tests in which ours executes, and does otherwise.
DIFFERENT = {
    "test_cancellation.py::*::stops_late_sibling_object_completion_after_non_null_bubbling": ON,
    "test_parallel.py::*::cancel_selection_sets": ON,
    "test_parallel.py::*::cancel_lists": ON,
    "test_parallel.py::*::cancel_async_iterators": ON,
    "test_executor.py::*::provides_info_about_current_execution_state": (
        "`info` has the attributes of GraphQLResolveInfo, worked out when they are asked for, and is no tuple"
    ),
    "test_executor.py::*::resolves_to_an_error_if_schema_does_not_support_operation": (
        "validation refuses an operation that the schema does not have, before anything executes"
    ),
    "test_executor.py::*::handles_sync_errors_combined_with_async_ones": SYNC,
    "test_executor.py::*::handles_sync_errors_combined_with_async_ones_in_async_context": SYNC,
    "test_lists.py::*::handles_sync_errors_with_later_pending_awaitables": SYNC,
    "test_lists.py::*::can_customize_detection_of_async_iterables": f"is_async_iterable, {API}",
    "test_lists.py::*::drains_the_iterator_when_next_throws": READ,
    "test_lists.py::*::handles_iterator_errors_with_later_pending_awaitables": READ,
    "test_lists.py::*::calls_aclose_when_non_null_list_item_errors": READ,
    "test_lists.py::*::handles_mixture_of_sync_and_async_errors_in_async_iterables": ONE,
    "test_nonnull.py::*complex_tree*::throws": ORDER,
    "test_nonnull.py::*::nullable_and_non_nullable_root_fields_throw_nested_errors": ONE,
    "test_nonnull.py::*::slower_nullable_after_non_nullable_root_field": ONE,
    "test_nonnull.py::*::nullable_and_non_nullable_nested_fields_throw_nested_errors": ONE,
    "test_nonnull.py::*::slower_nullable_after_non_nullable_nested_field": ONE,
    "test_sync.py::*::throws_if_encountering_async_operation_without_check_sync": SYNC,
    "test_sync.py::*::iterates_sync_and_async_iterables_synchronously_without_check_sync": SYNC,
    "test_sync.py::*::reports_async_iterables_as_errors_without_check_sync": SYNC,
    "test_too_deeply_nested_selections.py::*::execute_sync_returns_a_result_with_the_error": DEEP,
    "test_too_deeply_nested_selections.py::*::execute_returns_a_result_with_the_error": DEEP,
    "test_too_deeply_nested_selections.py::*::experimental_execute_incrementally_returns_a_result_with_the_error": DEEP,
    "test_too_deeply_nested_selections.py::*::reports_a_too_deep_chain_inside_a_field_as_a_field_error": DEEP,
    "test_too_deeply_nested_selections.py::*::does_not_keep_the_frames_of_the_recursion_alive": DEEP,
}
