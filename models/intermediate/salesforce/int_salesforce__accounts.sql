-- Accounts that are there, and for each account id the one that survives: a merged-away account
-- stands for the account it was merged into, through chains of merges.

with recursive

accounts as (

    select * from {{ ref('int_records__accounts') }}

),

chains as (

    select
        account_id,
        account_id as reached_id,
        master_account_id as next_id,
        cast(0 as integer) as merge_count
    from accounts

    union all

    select
        chains.account_id,
        accounts.account_id as reached_id,
        accounts.master_account_id as next_id,
        chains.merge_count + 1 as merge_count
    from chains
    inner join accounts on chains.next_id = accounts.account_id
    -- A circle of merges is no chain; twenty are more than anybody makes.
    where chains.merge_count < 20

),

ends as (

    select
        account_id,
        reached_id,
        row_number() over (partition by account_id order by merge_count desc) as last_first
    from chains

),

surviving as (

    select
        ends.account_id,
        accounts.account_id as surviving_account_id
    from ends
    left join accounts
        on
            ends.reached_id = accounts.account_id
            and accounts.master_account_id is null
            and not accounts.is_deleted
    where ends.last_first = 1

)

select * from surviving
